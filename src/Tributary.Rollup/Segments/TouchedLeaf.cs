using Tributary.Finance.Accounts;
using Tributary.Finance.State;
using Tributary.Proofs.Fields;
using Tributary.Rollup.State;

namespace Tributary.Rollup.Segments;

/// <summary>A leaf as a segment finds it, as it stands now, and when each of its blocks was last written.</summary>
internal sealed class TouchedLeaf
{
    private byte[] _value;

    public TouchedLeaf(LeafKey key, ulong index, byte[] value)
    {
        (Key, Index, Initial, _value) = (key, index, value, value);
        Before = LeafLayout.Elements(key.Kind, value);
        After = Before;
        Times = new uint[LeafLayout.Blocks(key.Kind)];
    }

    public LeafKey Key { get; }

    /// <summary>The place in the state tree.</summary>
    public ulong Index { get; }

    /// <summary>The bytes that the segment finds; none for an empty leaf.</summary>
    public byte[] Initial { get; }

    /// <summary>The elements that the segment finds.</summary>
    public KoalaBear[] Before { get; }

    /// <summary>The elements now.</summary>
    public KoalaBear[] After { get; private set; }

    /// <summary>When each block was last written; 0 for not at all.</summary>
    public uint[] Times { get; }

    /// <summary>The bytes now; none for an empty leaf.</summary>
    public byte[] Value
    {
        get => _value;
        set
        {
            _value = value;
            After = LeafLayout.Elements(Key.Kind, value);
        }
    }

    /// <summary>The account now; empty where there is none.</summary>
    public AccountLeaf Account => _value.Length > 0 && AccountLeaf.TryRead(_value, out var leaf) ? leaf : default;

    /// <summary>The balance now.</summary>
    public BalanceLeaf Balance => _value.Length > 0 && BalanceLeaf.TryRead(_value, out var leaf) ? leaf : default;

    /// <summary>Sets the leaf.</summary>
    public void Set<T>(T leaf)
        where T : struct, ILeaf<T>
    {
        if (leaf.IsEmpty)
        {
            Value = [];
            return;
        }

        var bytes = new byte[T.Length];
        leaf.Write(bytes);
        Value = bytes;
    }
}
