using System.Security.Cryptography;
using Tributary.Intelligence.Privacy;

namespace Tributary.Intelligence.Protocols.Files;

/// <summary>Stands for a name in a data set that is public, where there is no person to protect: the same name gives the same one in every file.</summary>
internal static class NamePseudonym
{
    /// <summary>The first sixteen bytes of the SHA-256 of a name.</summary>
    public static Pseudonym Of(ReadOnlySpan<byte> name)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(name, hash);
        return Pseudonym.FromBytes(hash);
    }
}
