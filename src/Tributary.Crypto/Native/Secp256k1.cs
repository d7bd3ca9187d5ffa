using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Tributary.Crypto.Native;

/// <summary>
/// Finds libsecp256k1, creates the one context of the process and blinds it with fresh randomness, so that the timing of signing says
/// nothing about keys. The context is never changed afterwards, which makes it safe for all threads.
/// </summary>
internal static unsafe class Secp256k1
{
    // The newest first: later versions are faster.
    private static readonly string[] s_names =
    [
        "libsecp256k1.so.7", "libsecp256k1.so.6", "libsecp256k1.so.5", "libsecp256k1.so.4",
        "libsecp256k1.so.3", "libsecp256k1.so.2", "libsecp256k1.so.1",
    ];

    // One entry of each optional module that we call: a library built without the module is refused at start, not at the first payment.
    private static readonly string[] s_modules =
    [
        "secp256k1_ecdh", "secp256k1_ecdsa_recover", "secp256k1_xonly_pubkey_parse", "secp256k1_schnorrsig_sign_custom",
    ];

    private static readonly string? s_failure;
    private static readonly string? s_loadedName;
    private static readonly nint s_context;

    [SuppressMessage("Performance", "CA1810", Justification = "The order of these steps is the point.")]
    static Secp256k1()
    {
        (var library, s_loadedName, s_failure) = Load(s_names);
        if (s_failure is not null)
            return;

        NativeLibrary.SetDllImportResolver(
            typeof(Secp256k1).Assembly,
            (name, _, _) => string.Equals(name, Secp256k1Native.Library, StringComparison.Ordinal) ? library : 0);

        var context = Secp256k1Native.ContextCreate(Secp256k1Native.ContextNone);
        Secp256k1Native.ContextSetIllegalCallback(context, &OnIllegalArgument, null);
        var seed = stackalloc byte[32];
        RandomNumberGenerator.Fill(new Span<byte>(seed, 32));
        var randomized = Secp256k1Native.ContextRandomize(context, seed);
        CryptographicOperations.ZeroMemory(new Span<byte>(seed, 32));
        if (randomized != 1)
            s_failure = $"{s_loadedName} could not randomise its context; reinstall it (Debian: apt-get install --reinstall libsecp256k1-1).";
        else
            s_context = context;
    }

    /// <summary>The context that every call takes.</summary>
    internal static nint Context
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => s_context != 0 ? s_context : throw Unavailable();
    }

    /// <summary>Which library was loaded, or null with the reason.</summary>
    internal static string? LoadedName(out string? failure)
    {
        failure = s_failure;
        return s_failure is null ? s_loadedName : null;
    }

    /// <summary>For a call that can only fail through a bug of the caller, such as a default key.</summary>
    internal static void Require(int result, string operation)
    {
        if (result != 1)
            throw Refused(operation);
    }

    /// <summary>The first library of these names that has all we call, or the one line to show.</summary>
    internal static (nint Library, string? Name, string? Failure) Load(ReadOnlySpan<string> names)
    {
        var failure = "libsecp256k1 (libsecp256k1.so.1 to .so.7) was not found; install it (Debian 12: apt-get install libsecp256k1-1).";
        foreach (var name in names)
        {
            if (!NativeLibrary.TryLoad(name, out var library))
                continue;

            if (Array.Find(s_modules, entry => !NativeLibrary.TryGetExport(library, entry, out _)) is not { } missing)
                return (library, name, null);

            // Upstream's default leaves out key recovery; distributions build it in.
            failure = $"{name} is built without {missing}; install the distribution's package (Debian 12: apt-get install libsecp256k1-1).";
        }

        return (0, null, failure);
    }

    private static InvalidOperationException Refused(string operation) =>
        new($"libsecp256k1 refused to {operation}: a key or signature was used that was never parsed or created.");

    private static DllNotFoundException Unavailable() => new(s_failure);

    // The library's own callback ends the process. With this one the call returns 0, and the caller throws or says false.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnIllegalArgument(byte* message, void* data)
    {
    }
}
