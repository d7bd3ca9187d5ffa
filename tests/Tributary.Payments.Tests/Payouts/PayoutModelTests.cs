using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Tributary.Payments.Intents;
using Tributary.Payments.Ledger;
using Tributary.Payments.Money;
using Tributary.Payments.Payouts;
using Tributary.Payments.Rails;

namespace Tributary.Payments.Tests.Payouts;

/// <summary>Random lives of a payout, held to laws that do not repeat the machine's own reasoning.</summary>
public sealed class PayoutModelTests
{
    [Fact]
    public void The_ledger_says_what_left_and_a_payout_ends_once() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll((int seed, byte length) => Live(seed, length % 20)));

    [Fact]
    public void No_step_is_listed_twice()
    {
        var steps = PayoutTransitions.All.Select(static row => (row.From, row.Trigger, row.To)).ToList();
        Assert.Equal(steps.Count, steps.Distinct().Count());
        Assert.DoesNotContain(PayoutTransitions.All, static row => row.From is PayoutStatus.Failed or PayoutStatus.Canceled || row.From == row.To);
    }

    private static void Live(int seed, int length)
    {
        var random = new Random(seed);
        var ledger = new Dictionary<AccountKind, long>();
        var opened = PayoutMachine.Open(Fresh(random.Next(3) == 0));
        Post(ledger, opened);
        var payout = opened.Payout;
        OutgoingReport? ruled = null;
        for (var i = 0; i < length; i++)
        {
            var input = Draw(random, ref ruled);
            if (input is PayoutInput.Report && payout.Status is PayoutStatus.AwaitingApproval or PayoutStatus.Canceled)
                continue;
            if (!PayoutMachine.Handle(payout, input).TryGet(out var change, out var error))
            {
                Assert.False(string.IsNullOrEmpty(error.Message));
                continue;
            }

            Post(ledger, change);
            Assert.Equal(change.Event is null ? payout.Version : payout.Version + 1, change.Payout.Version);
            payout = change.Payout;

            // What left the rail is what the rail said, and nothing otherwise; the store's money is bound until the end.
            var left = -ledger.GetValueOrDefault(AccountKind.OnChain);
            Assert.Equal(payout.Status == PayoutStatus.Paid ? 1_000_000 + 700 : 0, left);
            var isOver = payout.Status is PayoutStatus.Failed or PayoutStatus.Canceled;
            Assert.Equal(isOver ? 0 : 1_000_000, ledger.GetValueOrDefault(AccountKind.MerchantAvailable));
            Assert.Equal(isOver || payout.Status == PayoutStatus.Paid ? 0 : -1_000_000, ledger.GetValueOrDefault(AccountKind.PayoutsUnderWay));
        }
    }

    // A rail rules once.
    private static PayoutInput Draw(Random random, ref OutgoingReport? ruled)
    {
        switch (random.Next(6))
        {
            case 0:
                return new PayoutInput.Approve(random.Next(2) == 0 ? "key_1" : "user_2");
            case 1 when ruled is null:
                return new PayoutInput.Cancel(random.Next(2) == 0);
            case 2:
                return new PayoutInput.Update(ImmutableSortedDictionary<string, string>.Empty);
            default:
                if (ruled is null or OutgoingReport.Pending)
                    ruled = random.Next(3) switch { 0 => new OutgoingReport.Sent("tx", null, 700), 1 => new OutgoingReport.Failed("no_route", "No."), _ => new OutgoingReport.Pending("tx") };
                return new PayoutInput.Report(ruled);
        }
    }

    private static void Post(Dictionary<AccountKind, long> ledger, PayoutChange change)
    {
        foreach (var posting in change.Ledger?.Postings ?? [])
            ledger[posting.Account] = ledger.GetValueOrDefault(posting.Account) + posting.Amount;
    }

    private static Payout Fresh(bool isHeld) => new()
    {
        Id = "po_1",
        StoreId = "store_1",
        IsLive = false,
        Amount = new CurrencyAmount(1000, Currency.Bitcoin),
        Asset = Asset.Bitcoin,
        Gross = 1_000_000,
        Rail = RailKind.OnChain,
        Destination = "bc1",
        FeeMax = 1000,
        Status = isHeld ? PayoutStatus.AwaitingApproval : PayoutStatus.Pending,
        SendAt = default,
        CreatedBy = "key_1",
        CreatedAt = default,
        Version = 0,
    };
}
