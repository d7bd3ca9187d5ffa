using Tributary.Finance.Accounts;
using Tributary.Finance.Amounts;
using Tributary.Proofs.Fields;
using Tributary.Proofs.Memory;
using Tributary.Rollup.Proving.Tables;
using Tributary.Rollup.Segments;
using Tributary.Rollup.State;

namespace Tributary.Rollup.Proving;

/// <summary>Fills the tables of instructions, of the state's memory and of its tree; what they ask of the hash tables is left in calls.</summary>
internal static class StateTraces
{
    /// <summary>Levels and place of a node as the buses name it.</summary>
    private readonly record struct Place(uint Upper, uint Lower, uint Account, uint Slot)
    {
        public static Place Of(int height, ulong index)
        {
            if (height >= StateAddress.SlotBits)
                return new Place((uint)(height - StateAddress.SlotBits), NodesAir.LowerLevels, (uint)index, 0);
            var bits = StateAddress.SlotBits - height;
            return new Place(0, (uint)height, (uint)(index >> bits), (uint)index & ((1u << bits) - 1));
        }
    }

    public static void Fill(TraceSet set, SegmentWitness witness, HashCalls narrow, HashCalls wide)
    {
        Operations(set, witness);
        Moves(set, witness);
        Shown(set, witness);
        Leaves(set, witness, wide);
        Nodes(set, witness, narrow);
    }

    private static void Operations(TraceSet set, SegmentWitness witness)
    {
        var signatures = witness.Signatures.ToDictionary(static row => row.Number);
        var trace = set.Create(RollupMachine.Operations, witness.Operations.Count);
        Span<KoalaBear> fields = stackalloc KoalaBear[Instruction.Elements];
        for (var row = 0; row < witness.Operations.Count; row++)
        {
            var operation = witness.Operations[row];
            var instruction = operation.Instruction;
            instruction.Write(fields);
            Write(trace, row, 0, fields);
            trace[row, OperationsAir.Active] = KoalaBear.One;
            var time = instruction.Number * OperationsAir.TimesOfOne;
            if (instruction.Signs)
            {
                Account(trace, row, OperationsAir.KeyRoot, OperationsAir.NextBefore, operation.Payer);
                var carry = (operation.Payer.NextIndex & 0xffff) + (instruction.Gap & 0xffff) >> 16;
                trace[row, OperationsAir.GapCarry] = carry;
                trace[row, OperationsAir.Ones] = KoalaBear.FromBoolean(signatures.TryGetValue(instruction.Number, out var signature)
                    && signature.Index == (1u << signature.LogLifetime) - 1);
                trace[row, OperationsAir.PayerTime] = operation.PayerTime;
                set.Count(time + OperationsAir.PayerAccess - operation.PayerTime - 1);
            }

            if (!instruction.Exists)
                continue;
            Account(trace, row, OperationsAir.PayeeRoot, OperationsAir.PayeeNext, operation.Payee);
            trace[row, OperationsAir.PayeeTime] = operation.PayeeTime;
            set.Count(time + OperationsAir.PayeeAccess - operation.PayeeTime - 1);
        }
    }

    private static void Account(ColumnMatrix trace, int row, int root, int next, in AccountLeaf account)
    {
        if (!TreeDigest.TryFromBytes32(account.KeyRoot, out var digest))
            throw new InvalidOperationException("A key root that is no digest.");
        Write(trace, row, root, digest.Span);
        trace[row, root + TreeDigest.Elements] = (uint)account.Key.LogLifetime;
        trace[row, next] = account.NextIndex & 0xffff;
        trace[row, next + 1] = account.NextIndex >> 16;
    }

    private static void Moves(TraceSet set, SegmentWitness witness)
    {
        var trace = set.Create(RollupMachine.Moves, witness.Moves.Count);
        Span<KoalaBear> limbs = stackalloc KoalaBear[Instruction.AmountLimbs];
        for (var row = 0; row < witness.Moves.Count; row++)
        {
            var move = witness.Moves[row];
            trace[row, MovesAir.Active] = KoalaBear.One;
            trace[row, MovesAir.Time] = move.Time;
            trace[row, MovesAir.Account] = move.Account;
            trace[row, MovesAir.Slot] = move.Slot;
            trace[row, MovesAir.IsDebit] = KoalaBear.FromBoolean(move.IsDebit);
            trace[row, MovesAir.TimeBefore] = move.TimeBefore;
            Write(trace, row, MovesAir.Amount, Limbs(move.Amount, limbs));
            Write(trace, row, MovesAir.Before, Limbs(move.Before, limbs));
            Write(trace, row, MovesAir.After, Limbs(move.After, limbs));
            var least = move.IsDebit ? move.After : move.Before;
            var carry = 0u;
            for (var i = 0; i < Instruction.AmountLimbs; i++)
            {
                carry = (Limb(least, i) + Limb(move.Amount, i) + carry) >> 16;
                if (i < Instruction.AmountLimbs - 1)
                    trace[row, MovesAir.Carries + i] = carry;
                set.Count(Limb(move.After, i));
            }

            set.Count(move.Time - move.TimeBefore - 1);
        }
    }

    private static uint Limb(Amount amount, int limb) => (uint)(amount.Units >> (16 * limb)) & 0xffff;

    private static Span<KoalaBear> Limbs(Amount amount, Span<KoalaBear> limbs)
    {
        Instruction.WriteLimbs(amount, limbs);
        return limbs;
    }

    private static void Shown(TraceSet set, SegmentWitness witness)
    {
        var trace = set.Create(RollupMachine.Cells, witness.Cells.Count);
        for (var row = 0; row < witness.Cells.Count; row++)
        {
            var cell = witness.Cells[row];
            var place = Place.Of(0, cell.Index);
            trace[row, CellsAir.Active] = KoalaBear.One;
            trace[row, CellsAir.Time] = cell.Time;
            trace[row, CellsAir.Address] = LeafLayout.Tag(cell.Kind);
            trace[row, CellsAir.Address + 1] = place.Account;
            trace[row, CellsAir.Address + 2] = place.Slot;
            trace[row, CellsAir.Address + 3] = LeafLayout.NameOf(cell.Kind, cell.Block);
            Write(trace, row, CellsAir.Before, cell.Before);
            Write(trace, row, CellsAir.After, cell.After);
            trace[row, CellsAir.TimeBefore] = cell.TimeBefore;
            set.Count(cell.Time - cell.TimeBefore - 1);
        }
    }

    private static void Leaves(TraceSet set, SegmentWitness witness, HashCalls wide)
    {
        var trace = set.Create(RollupMachine.Leaves, witness.Leaves.Sum(static leaf => leaf.Before.Length));
        var row = 0;
        foreach (var (leaf, before, after) in witness.Leaves)
        {
            var place = Place.Of(0, leaf.Index);
            bool emptyBefore = leaf.Initial.Length == 0, emptyAfter = leaf.Value.Length == 0;
            Span<KoalaBear> chainBefore = new KoalaBear[TreeDigest.Elements], chainAfter = new KoalaBear[TreeDigest.Elements];
            TreeHash.Start(LeafLayout.Tag(leaf.Key.Kind), chainBefore);
            chainBefore.CopyTo(chainAfter);
            for (var block = 0; block < before.Length; block++, row++)
            {
                var range = (block * TreeHash.BlockElements)..((block + 1) * TreeHash.BlockElements);
                ReadOnlySpan<KoalaBear> old = leaf.Before.AsSpan(range), now = leaf.After.AsSpan(range);
                trace[row, LeavesAir.Active] = KoalaBear.One;
                trace[row, LeavesAir.First] = KoalaBear.FromBoolean(block == 0);
                trace[row, LeavesAir.Last] = KoalaBear.FromBoolean(block == before.Length - 1);
                trace[row, LeavesAir.Tag] = LeafLayout.Tag(leaf.Key.Kind);
                trace[row, LeavesAir.Account] = place.Account;
                trace[row, LeavesAir.Slot] = place.Slot;
                trace[row, LeavesAir.Block] = (uint)block;
                trace[row, LeavesAir.Blocks] = (uint)before.Length;
                trace[row, LeavesAir.EmptyBefore] = KoalaBear.FromBoolean(emptyBefore);
                trace[row, LeavesAir.EmptyAfter] = KoalaBear.FromBoolean(emptyAfter);
                trace[row, LeavesAir.Time] = leaf.Times[block];
                Write(trace, row, LeavesAir.ChainBefore, chainBefore);
                Write(trace, row, LeavesAir.Before, old);
                Write(trace, row, LeavesAir.DigestBefore, before[block].Span);
                Write(trace, row, LeavesAir.ChainAfter, chainAfter);
                Write(trace, row, LeavesAir.After, now);
                Write(trace, row, LeavesAir.DigestAfter, after[block].Span);
                if (block == 0 && !emptyAfter)
                {
                    trace[row, LeavesAir.Filled] = KoalaBear.One;
                    var place0 = now.IndexOfAnyExcept(KoalaBear.Zero);
                    trace[row, LeavesAir.Weights + place0] = now[place0].Inverse();
                }

                var same = !emptyBefore && !emptyAfter && chainBefore.SequenceEqual(chainAfter) && old.SequenceEqual(now);
                if (!emptyBefore)
                    Call(wide.Add(same ? 2 : 1), chainBefore, old);
                if (!emptyAfter && !same)
                    Call(wide.Add(1), chainAfter, now);
                before[block].Span.CopyTo(chainBefore);
                after[block].Span.CopyTo(chainAfter);
            }
        }
    }

    private static void Nodes(TraceSet set, SegmentWitness witness, HashCalls narrow)
    {
        var trace = set.Create(RollupMachine.Nodes, witness.Nodes.Count);
        for (var row = 0; row < trace.Height; row++)
        {
            if (row >= witness.Nodes.Count)
            {
                trace[row, NodesAir.IsSlot] = KoalaBear.One;
                continue;
            }

            var node = witness.Nodes[row];
            var place = Place.Of(node.Height, node.Index);
            var isSlot = node.Height <= StateAddress.SlotBits;
            trace[row, NodesAir.Active] = KoalaBear.One;
            trace[row, NodesAir.IsSlot] = KoalaBear.FromBoolean(isSlot);
            trace[row, NodesAir.LeftTouched] = KoalaBear.FromBoolean(node.LeftTouched);
            trace[row, NodesAir.RightTouched] = KoalaBear.FromBoolean(node.RightTouched);
            trace[row, NodesAir.Upper] = place.Upper;
            trace[row, NodesAir.Lower] = place.Lower;
            trace[row, NodesAir.Account] = place.Account;
            trace[row, NodesAir.Slot] = place.Slot;
            trace[row, NodesAir.ChildAccount] = isSlot ? place.Account : 2 * place.Account;
            trace[row, NodesAir.ChildSlot] = isSlot ? 2 * place.Slot : place.Slot;
            Write(trace, row, NodesAir.Before, node.LeftBefore.Span);
            Write(trace, row, NodesAir.Before + TreeDigest.Elements, node.RightBefore.Span);
            Write(trace, row, NodesAir.DigestBefore, node.Before.Span);
            Write(trace, row, NodesAir.After, node.LeftAfter.Span);
            Write(trace, row, NodesAir.After + TreeDigest.Elements, node.RightAfter.Span);
            Write(trace, row, NodesAir.DigestAfter, node.After.Span);
            var same = node.LeftBefore == node.LeftAfter && node.RightBefore == node.RightAfter;
            Call(narrow.Add(same ? 2 : 1), node.LeftBefore.Span, node.RightBefore.Span);
            if (!same)
                Call(narrow.Add(1), node.LeftAfter.Span, node.RightAfter.Span);
        }
    }

    private static void Call(Span<KoalaBear> input, ReadOnlySpan<KoalaBear> first, ReadOnlySpan<KoalaBear> second)
    {
        first.CopyTo(input);
        second.CopyTo(input[first.Length..]);
    }

    private static void Write(ColumnMatrix trace, int row, int column, ReadOnlySpan<KoalaBear> values)
    {
        for (var i = 0; i < values.Length; i++)
            trace[row, column + i] = values[i];
    }
}
