namespace Tributary.Finance.State;

/// <summary>Takes leaves, or changes of leaves, in the order of their keys. The bytes are valid during the call; none stand for an absent leaf.</summary>
public interface ILeafSink
{
    void Take(LeafKey key, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after);
}
