using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;

namespace Tributary.Bitcoin.Interop.Tests.Differential;

/// <summary>A transaction in the making, every part of which may be set wrong.</summary>
internal sealed class SpendDraft
{
    public uint Version { get; set; } = 2;

    public uint LockTime { get; set; }

    public List<DraftInput> Inputs { get; } = [];

    public List<TxOut> Outputs { get; } = [];

    public Transaction Build() => Transaction.Create(
        Version,
        Inputs.Select(static input => new TxIn(input.OutPoint, new Script(input.ScriptSig), input.Sequence, Witness.Of(input.Witness.ToArray()))).ToArray(),
        Outputs.ToArray(),
        LockTime);
}

/// <summary>An input in the making.</summary>
internal sealed class DraftInput(Coin coin)
{
    public Coin Coin { get; } = coin;

    public OutPoint OutPoint { get; set; } = coin.OutPoint;

    public uint Sequence { get; set; } = coin.Lock.Sequence;

    public byte[] ScriptSig { get; set; } = [];

    public List<byte[]> Witness { get; set; } = [];
}

/// <summary>An output on the chain and what unlocks it.</summary>
internal sealed record Coin(OutPoint OutPoint, SpentOutput Spent, OutputLock Lock);
