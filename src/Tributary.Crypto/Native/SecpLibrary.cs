using Tributary.Primitives.Results;

namespace Tributary.Crypto;

/// <summary>Tells whether the system's libsecp256k1 is usable, before anything depends on it.</summary>
public static class SecpLibrary
{
    /// <summary>The file name of the library in use, or one line that says what to install.</summary>
    public static Result<string, Refusal> Probe() =>
        Native.Secp256k1.LoadedName(out var failure) is { } name ? name : new Refusal("libsecp256k1", failure ?? "was not loaded");
}
