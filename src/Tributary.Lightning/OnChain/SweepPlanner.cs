using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.OnChain;

/// <summary>
/// Takes outputs that pay for themselves: batched where that is safe, replaced by fee, and split when the peer may hold one of them up or
/// deadlines come near.
/// </summary>
internal sealed class SweepPlanner(MonitorTurn turn, Close close)
{
    // Far below the largest transaction that is relayed, and few enough to sign in a blink.
    private const int InputsMax = 100;

    private readonly SweepBuilder _builder = new(turn.Keys, turn.Settings.SweepScript);

    internal void Run(IReadOnlyList<Claimable> ready)
    {
        var byOutPoint = ready.ToDictionary(static claim => claim.OutPoint);
        var taken = new HashSet<OutPoint>();
        foreach (var open in turn.State.OpenClaims.ToList())
        {
            // One that has lost an output to somebody else is no longer open; one whose outputs are not ripe (any more) waits.
            if (!open.Outputs.All(byOutPoint.ContainsKey))
                continue;
            List<Claimable> members = [.. open.Outputs.Select(outPoint => byOutPoint[outPoint])];
            taken.UnionWith(open.Outputs);
            if (MustSplit(members, open) && TrySplit(members))
                continue;
            Continue(members, open);
        }

        foreach (var group in ready.Where(claim => !taken.Contains(claim.OutPoint)).GroupBy(KeyOf))
        {
            foreach (var members in group.Chunk(InputsMax))
                Begin(members);
        }
    }

    private int? BlocksLeft(IEnumerable<Claimable> members) => members.Min(claim => claim.BlocksLeft(turn.Height));

    private bool IsNear(Claimable claim) => claim.BlocksLeft(turn.Height) <= ClaimMargins.SplitBlocks;

    // Together goes what has the same deadline, the same lock time and the same company.
    private (bool IsContested, int Deadline, uint LockTime, OutPoint Alone) KeyOf(Claimable claim) =>
        (claim.IsContested, claim.Deadline ?? int.MaxValue, claim.LockTime, IsNear(claim) ? claim.OutPoint : default);

    private bool MustSplit(List<Claimable> members, ClaimRecord.ClaimMade open) => members.Count > 1
        && (members.Exists(IsNear)
            || (members.Exists(static claim => claim.IsContested) && turn.Height - open.FirstHeight >= ClaimMargins.SplitAfterBlocks));

    // The first to go replaces the batch and pays for that; with the batch gone the others are free of it. Where not even the most valuable
    // output can pay for a hundred, half of them can: the halves are split again later.
    private bool TrySplit(List<Claimable> members)
    {
        List<Claimable> byValue = [.. members.OrderByDescending(static claim => claim.Output.Output.Value)];
        return TryReplaceBy([.. byValue.Select(static claim => new List<Claimable> { claim })])
            || TryReplaceBy([.. byValue.Chunk((byValue.Count + 1) / 2).Select(static half => half.ToList())]);
    }

    private bool TryReplaceBy(List<List<Claimable>> parts)
    {
        if (!TryMake(parts[0], turn.Height, last: null))
            return false;
        foreach (var part in parts.Skip(1))
            TryMake(part, turn.Height, last: null);
        return true;
    }

    private void Begin(IReadOnlyList<Claimable> members)
    {
        var target = FeePolicy.Target(turn.Now.Fees, BlocksLeft(members));
        var worth = _builder.WithoutUneconomic(members, close, target);
        TryMake(worth, turn.Height, last: null);

        // Alone and at a lower feerate the others may still do: an HTLC is not over before its output is spent.
        foreach (var small in members.Except(worth))
            TryMake([small], turn.Height, last: null);
    }

    private void Continue(List<Claimable> members, ClaimRecord.ClaimMade open)
    {
        var blocksLeft = BlocksLeft(members);
        var target = FeePolicy.Target(turn.Now.Fees, blocksLeft);
        if (FeePolicy.IsDue(open.Claim.Feerate, target, blocksLeft, turn.Height - open.Height) && TryMake(members, open.FirstHeight, open))
            return;
        if (turn.Repeats)
            turn.EmitBroadcast(open.Claim, Deadline(members));
    }

    private bool TryMake(List<Claimable> members, int firstHeight, ClaimRecord.ClaimMade? last)
    {
        if (members.Count == 0)
            return false;
        var blocksLeft = BlocksLeft(members);
        var wanted = FeePolicy.Target(turn.Now.Fees, blocksLeft);
        if (last is not null)
            wanted = FeePolicy.Escalated(last.Claim.Feerate, wanted);
        OutPoint[] outputs = [.. members.Select(static claim => claim.OutPoint)];
        var value = members.Aggregate(Satoshis.Zero, static (sum, claim) => sum + claim.Output.Output.Value);
        if (_builder.Build(members, close, wanted, turn.FeerateFloor, turn.FeeMin(outputs), FeePolicy.FeeMax(value, Deadline(members) - turn.Height)) is not { } claim)
            return false;
        turn.Make(claim, outputs, firstHeight);
        turn.EmitBroadcast(claim, Deadline(members));
        return true;
    }

    private static int? Deadline(IEnumerable<Claimable> members) => members.Min(static claim => claim.Deadline);
}
