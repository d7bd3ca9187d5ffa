using System.Buffers.Binary;
using System.Numerics;
using Tributary.Finance.Amounts;
using Tributary.Finance.Assets;
using Tributary.Finance.Htlcs;
using Tributary.Finance.Pools;
using Tributary.Finance.State;

namespace Tributary.Finance.Tests.Properties;

/// <summary>
/// What the changes reported by the engine add up to: a second copy of all leaves, and for each asset what is held and what there should be. It uses
/// arithmetic of its own.
/// </summary>
internal sealed class Ledger : ILeafSink
{
    private readonly Dictionary<uint, BigInteger> _held = [];
    private readonly Dictionary<uint, BigInteger> _supply = [];
    private readonly HashSet<uint> _touched = [];

    public Dictionary<LeafKey, byte[]> Leaves { get; } = [];

    public void Take(LeafKey key, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        Assert.False(before.SequenceEqual(after));
        Assert.Equal(Leaves.GetValueOrDefault(key) ?? [], before.ToArray());
        Count(key, before, -1);
        Count(key, after, 1);
        if (after.IsEmpty)
            Leaves.Remove(key);
        else
            Leaves[key] = after.ToArray();
    }

    /// <summary>Every asset that was touched since the last call exists as often as it is held.</summary>
    public void AssertConserved()
    {
        foreach (var asset in _touched)
            Assert.Equal(_supply.GetValueOrDefault(asset), _held.GetValueOrDefault(asset));
        _touched.Clear();
    }

    private void Count(LeafKey key, ReadOnlySpan<byte> value, int sign)
    {
        if (value.IsEmpty)
            return;
        switch (key.Kind)
        {
            case LeafKind.Balance:
                Assert.Equal(Amount.Length, value.Length);
                Hold((uint)key.Address, BinaryPrimitives.ReadUInt128LittleEndian(value), sign);
                break;
            case LeafKind.Htlc:
                Assert.True(HtlcLeaf.TryRead(value, out var htlc));
                Hold(htlc.Asset.Value, htlc.Amount.Units, sign);
                break;
            case LeafKind.Pool:
                Assert.True(PoolLeaf.TryRead(value, out var pool));
                Hold((uint)(key.Address >> 32), pool.Balance0, sign);
                Hold((uint)key.Address, pool.Balance1, sign);
                break;
            case LeafKind.Asset:
                Assert.True(AssetLeaf.TryRead(value, out var asset));
                var number = (uint)key.Address;
                _supply[number] = _supply.GetValueOrDefault(number) + ((BigInteger)asset.Supply.Units * sign);
                _touched.Add(number);
                break;
        }
    }

    private void Hold(uint asset, UInt128 amount, int sign)
    {
        _held[asset] = _held.GetValueOrDefault(asset) + ((BigInteger)amount * sign);
        _touched.Add(asset);
    }
}
