namespace Tributary.Crypto;

/// <summary>Where in its tree an extended key stands; the part that the private and the public key share.</summary>
/// <param name="Network">Which version bytes the text has.</param>
/// <param name="Depth">Steps from the master key.</param>
/// <param name="Parent">The parent's fingerprint; zero for a master key.</param>
/// <param name="Index">The last step; normal 0 for a master key.</param>
public sealed record ExtendedKeyOrigin(ExtendedKeyNetwork Network, byte Depth, KeyFingerprint Parent, ChildIndex Index)
{
    internal static ExtendedKeyOrigin Master(ExtendedKeyNetwork network) => new(network, 0, default, default);

    internal ExtendedKeyOrigin Child(KeyFingerprint parent, ChildIndex index) => new(Network, checked((byte)(Depth + 1)), parent, index);
}
