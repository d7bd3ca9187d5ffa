using Tributary.Finance.Engine;
using Tributary.Finance.Operations;
using Tributary.Finance.State;
using Tributary.Rollup.State;

namespace Tributary.Rollup.Segments;

/// <summary>
/// Takes what operations come down to, in order. The builder of a segment carries it out; a verifier states it. What neither operation nor body says,
/// which is the next index of an account and leaves of rare kinds, the builder reads from the state and the verifier from what came with the proof,
/// where the proof holds it against the state.
/// </summary>
internal interface ISegmentSink
{
    /// <summary>The next number, from 1; null where the segment is full.</summary>
    uint? NextNumber();

    /// <summary>The least index that an account may sign with; null where it is not known.</summary>
    uint? NextIndex(uint account);

    /// <summary>The bytes of a leaf, none for an empty one; null where they are not known.</summary>
    byte[]? Show(LeafKey key);

    /// <summary>What an account signs for a request with its true index. A sink that hashes many at once gives nothing here and fills it in later.</summary>
    TreeDigest Digest(in OperationRequest request);

    /// <summary>Asks for an instruction.</summary>
    void Add(in Instruction instruction);

    /// <summary>Changes a leaf that has been shown.</summary>
    void Write(uint number, LeafKey key, byte[] before, byte[] after);

    /// <summary>Notes what the statement lists.</summary>
    void Emit(FinanceEvent what);
}
