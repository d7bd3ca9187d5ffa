using System.Buffers.Binary;
using Tributary.Finance.Amounts;
using Tributary.Finance.Engine;
using Tributary.Finance.Operations;
using Tributary.Finance.State;
using Tributary.Primitives.Bytes;
using Tributary.Proofs.Fields;
using Tributary.Rollup.Proving.Tables;
using Tributary.Rollup.State;

namespace Tributary.Rollup.Segments;

/// <summary>
/// The leaves that a segment touches, changed by instructions alone as a proof does it; every access leaves a row of the witness.
/// </summary>
internal sealed class SegmentMemory(FinanceState state) : ISegmentSink, ILeafSink
{
    private readonly Dictionary<LeafKey, TouchedLeaf> _leaves = [];
    private readonly Dictionary<LeafKey, byte[]> _before = [];
    private readonly Dictionary<LeafKey, byte[]> _after = [];
    private uint _number;

    public SegmentWitness Witness { get; } = new();

    public SegmentEvents Events { get; } = new();

    public ByteWriter Hints { get; } = new();

    public IEnumerable<TouchedLeaf> Leaves => _leaves.Values;

    /// <summary>Numbers given away.</summary>
    public int Numbers => (int)_number;

    /// <summary>What the operation that is being carried out was signed as.</summary>
    public TreeDigest Message { get; set; }

    /// <summary>Starts an operation that the engine has accepted since a mark.</summary>
    public void Begin(in Checkpoint mark)
    {
        _before.Clear();
        _after.Clear();
        state.ReadChanges(mark, this);
    }

    public void Take(LeafKey key, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        _before[key] = before.ToArray();
        _after[key] = after.ToArray();
    }

    /// <summary>Holds the leaves that the engine changed against those here.</summary>
    public void End()
    {
        foreach (var (key, value) in _after)
        {
            if (!_leaves.TryGetValue(key, out var leaf) || !leaf.Value.AsSpan().SequenceEqual(value))
                throw new InvalidOperationException($"Engine and instructions differ at {key}.");
        }
    }

    /// <summary>Notes a signature that holds for the last operation.</summary>
    public void Sign(in OperationRequest request, ReadOnlySpan<byte> signature)
    {
        var row = Witness.Operations[^1];
        for (var i = Witness.Operations.Count - 1; !row.Instruction.Signs; i--)
            row = Witness.Operations[i];
        var elements = new KoalaBear[signature.Length / sizeof(uint)];
        for (var i = 0; i < elements.Length; i++)
            elements[i] = BinaryPrimitives.ReadUInt32LittleEndian(signature[(sizeof(uint) * i)..]);
        Witness.Signatures.Add(new SignatureRow(
            row.Instruction.Number, row.Instruction.Index, row.Payer.Key.LogLifetime, row.Instruction.Message, elements));
    }

    public uint? NextNumber() => _number < SegmentBody.MaxOperations ? ++_number : null;

    public uint? NextIndex(uint account)
    {
        var next = Leaf(new LeafKey(LeafKind.Account, account)).Account.NextIndex;
        SegmentHints.WriteIndex(Hints, next);
        return next;
    }

    public TreeDigest Digest(in OperationRequest request) => Message;

    public byte[] Show(LeafKey key)
    {
        var value = Leaf(key).Value;
        SegmentHints.WriteLeaf(Hints, value);
        return value;
    }

    public void Add(in Instruction instruction)
    {
        var row = new OperationRow(instruction);
        Witness.Operations.Add(row);
        var time = instruction.Number * OperationsAir.TimesOfOne;
        if (instruction.Signs)
        {
            var leaf = Leaf(new LeafKey(LeafKind.Account, instruction.Payer));
            (row.Payer, row.PayerTime) = (leaf.Account, leaf.Times[0]);
            leaf.Set(leaf.Account with { NextIndex = instruction.Index + 1 });
            leaf.Times[0] = time + OperationsAir.PayerAccess;
        }

        if (instruction.Pays)
        {
            Move(time + OperationsAir.FeeDebit, instruction.Payer, OperationsAir.FeeSlot, true, instruction.Fee);
            Move(time + OperationsAir.FeeCredit, OperationsAir.FeeAccount, OperationsAir.FeeSlot, false, instruction.Fee);
        }

        if (instruction.Exists)
        {
            var leaf = Leaf(new LeafKey(LeafKind.Account, instruction.Payee));
            (row.Payee, row.PayeeTime) = (leaf.Account, leaf.Times[0]);
            leaf.Times[0] = time + OperationsAir.PayeeAccess;
        }

        if (instruction.Debits)
            Move(time + OperationsAir.Debit, instruction.Payer, instruction.Slot, true, instruction.Amount);
        if (instruction.Credits)
            Move(time + OperationsAir.Credit, instruction.Payee, instruction.Slot, false, instruction.Amount);
    }

    public void Write(uint number, LeafKey key, byte[] before, byte[] after)
    {
        var leaf = Leaf(key);
        var elements = leaf.After;
        leaf.Value = after;
        var time = number * OperationsAir.TimesOfOne;
        for (var block = 0; block < leaf.Times.Length; block++)
        {
            var range = (block * TreeHash.BlockElements)..((block + 1) * TreeHash.BlockElements);
            Witness.Cells.Add(new CellRow(time, key.Kind, leaf.Index, block, elements[range], leaf.After[range], leaf.Times[block]));
            leaf.Times[block] = time;
        }

        if (!before.AsSpan().SequenceEqual(after))
            Events.TakeLeaf(key, after);
    }

    public void Emit(FinanceEvent what) => Events.Take(what);

    private void Move(uint time, uint account, uint slot, bool isDebit, Amount amount)
    {
        var leaf = Leaf(new LeafKey(LeafKind.Balance, LeafKey.Pair(account, slot - 1)));
        var before = leaf.Balance.Amount;
        var after = isDebit ? before - amount : before + amount;
        Witness.Moves.Add(new MoveRow(time, account, slot, isDebit, amount, before, after, leaf.Times[0]));
        leaf.Set(new BalanceLeaf(after));
        leaf.Times[0] = time;
    }

    /// <summary>The leaf as the segment has it: at first touch what stood there before the operation that is being carried out.</summary>
    private TouchedLeaf Leaf(LeafKey key)
    {
        if (_leaves.TryGetValue(key, out var leaf))
            return leaf;
        var value = _before.TryGetValue(key, out var before) ? before : state.ReadBytes(key);
        return _leaves[key] = new TouchedLeaf(key, StateAddress.Find(key).Value, value);
    }
}
