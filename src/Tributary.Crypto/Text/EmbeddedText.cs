using System.Reflection;

namespace Tributary.Crypto;

/// <summary>The tables that standards define and that travel inside the assembly.</summary>
internal static class EmbeddedText
{
    internal static byte[] Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The assembly was built without its resource {name}.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
