using Tributary.Finance.State;

namespace Tributary.Rollup.State;

/// <summary>Which children of a block are not empty, and the digest above them.</summary>
internal struct BlockEntry : IEmptiable
{
    public ulong Mask;
    public TreeDigest Digest;

    public readonly bool IsEmpty => Mask == 0;
}
