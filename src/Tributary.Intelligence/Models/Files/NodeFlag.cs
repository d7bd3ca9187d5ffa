namespace Tributary.Intelligence.Models.Files;

/// <summary>Bits of a node's flags.</summary>
internal static class NodeFlag
{
    public const byte MissingLeft = 1;
    public const byte Categories = 2;
    public const byte UnseenLeft = 4;
}
