using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Interop.Tests.Differential;

/// <summary>Makes transactions of the campaign's coins: valid ones, and ones with something changed.</summary>
internal sealed class SpendMaker(IReadOnlyList<Coin> coins, IReadOnlyList<Coin> companions, Chance chance)
{
    private int _next;

    /// <summary>The next spend; every coin is spent before any is spent again.</summary>
    /// <param name="isVaried">Change something about it.</param>
    public (SpendDraft Draft, Transaction Transaction) Make(bool isVaried)
    {
        var coin = coins[_next++ % coins.Count];
        var draft = new SpendDraft { LockTime = coin.Lock.LockTime };
        draft.Inputs.Add(new DraftInput(coin));
        if (coin.Lock.IsBeyondOutputs)
            draft.Inputs.Insert(0, Companion(draft));
        for (var more = coin.Lock.IsAlone ? 0 : chance.Below(3); more > 0; more--)
            draft.Inputs.Insert(chance.Below(draft.Inputs.Count + 1), Companion(draft));
        AddOutputs(draft, coin.Lock.IsBeyondOutputs ? 1 : chance.Between(1, 3));

        var before = isVaried && chance.OneIn(2);
        if (before)
            Variations.BeforeSigning(draft, chance);
        Sign(draft);
        if (isVaried && !before)
            Variations.AfterSigning(draft, chance);
        return (draft, draft.Build());
    }

    private DraftInput Companion(SpendDraft draft)
    {
        while (true)
        {
            var coin = chance.Pick(companions);
            if (draft.Inputs.All(input => input.OutPoint != coin.OutPoint) && coin.Lock is { LockTime: 0 })
                return new DraftInput(coin);
        }
    }

    private void AddOutputs(SpendDraft draft, int count)
    {
        var total = draft.Inputs.Sum(static input => input.Coin.Spent.Output.Value.Value);
        var fee = chance.Between(20_000, 40_000);
        for (var i = 0; i < count; i++)
        {
            var script = chance.Below(4) switch
            {
                0 => StandardScripts.P2pkh(chance.Bytes(20)),
                1 => StandardScripts.P2wpkh(chance.Bytes(20)),
                2 => StandardScripts.P2wsh(chance.Bytes(32)),
                _ => StandardScripts.P2tr(chance.Bytes(32)),
            };
            draft.Outputs.Add(new TxOut(new Satoshis((total - fee) / count), script));
        }
    }

    private void Sign(SpendDraft draft)
    {
        var unsigned = draft.Build();
        var spent = draft.Inputs.Select(static input => input.Coin.Spent.Output).ToArray();
        for (var i = 0; i < draft.Inputs.Count; i++)
            draft.Inputs[i].Coin.Lock.Unlock(new UnlockContext(unsigned, i, spent, draft.Inputs[i], chance));
    }
}
