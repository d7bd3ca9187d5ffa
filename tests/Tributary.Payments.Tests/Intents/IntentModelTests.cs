using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Tributary.Payments.Intents;
using Tributary.Payments.Ledger;
using Tributary.Payments.Money;
using Tributary.Payments.Quotes;

namespace Tributary.Payments.Tests.Intents;

/// <summary>Random lives of an intent, held to laws that do not repeat the machine's own reasoning.</summary>
public sealed class IntentModelTests
{
    private static readonly DateTimeOffset s_start = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly BitcoinPrice s_price = new(Currency.Of("eur"), 6_000_000_000);

    [Fact]
    public void Laws_hold_in_every_life()
    {
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(4000),
            Prop.ForAll((int seed, bool isManual, byte length) => Live(seed, isManual, 1 + (length % 40))));
    }

    private static void Live(int seed, bool isManual, int length)
    {
        var random = new Random(seed);
        var now = s_start;
        var file = Fresh(isManual, random.Next(3) == 0 ? random.Next(1, 10_001) : 0, isTopUp: random.Next(3) == 0);
        var ledger = new Dictionary<(AccountKind, Asset), long>();
        var history = new List<string>();
        for (var step = 0; step < length; step++)
        {
            now += TimeSpan.FromMinutes(random.Next(4) == 0 ? random.Next(40) : 0);
            var input = Draw(random, file, now);
            if (input is null)
                continue;
            history.Add($"{input}");
            var handled = IntentMachine.Handle(file, input, now);
            if (!handled.TryGet(out var change, out var error))
            {
                Assert.False(string.IsNullOrEmpty(error.Message));
                continue;
            }

            foreach (var transaction in change.Ledger)
            {
                foreach (var posting in transaction.Postings)
                    ledger[(posting.Account, posting.Asset)] = ledger.GetValueOrDefault((posting.Account, posting.Asset)) + posting.Amount;
            }

            Judge(file, change, ledger, now, string.Join('\n', history));
            file = change.File;

            // At least once: the same report again changes nothing.
            if (input is IntentInput.Report)
                Assert.True(IntentMachine.Handle(file, input, now).Value.IsFileUnchanged, string.Join('\n', history));
        }
    }

    private static void Judge(PaymentFile before, IntentChange change, Dictionary<(AccountKind, Asset), long> ledger, DateTimeOffset now, string history)
    {
        var file = change.File;
        var intent = file.Intent;

        // The ledger is what the receipts say, account for account.
        var expected = FileBalances.Of(file);
        Assert.All(expected.Keys.Union(ledger.Keys), key => Assert.Equal(expected.GetValueOrDefault(key), ledger.GetValueOrDefault(key)));

        // Nobody is credited with more than came; the merchant not with more than was asked.
        Assert.All(file.Receipts, receipt => Assert.InRange(receipt.Credited, 0, receipt.Amount));
        Assert.InRange(intent.AmountReceived.MinorUnits, 0, intent.Amount.MinorUnits);
        Assert.InRange(intent.AmountCapturable.MinorUnits, 0, intent.Amount.MinorUnits);

        // A top-up is for the first money that is here and worth something.
        if (intent is { IsTopUp: true, CanceledAt: null })
        {
            var first = file.Receipts.FirstOrDefault(static receipt => receipt.Status is ReceiptStatus.Seen or ReceiptStatus.Held or ReceiptStatus.Settled && receipt.Value.MinorUnits > 0);
            Assert.Equal(first?.Value.MinorUnits ?? 0, intent.Amount.MinorUnits);
        }

        // The status says what the money says.
        var settled = file.Receipts.Where(static receipt => receipt.Status == ReceiptStatus.Settled).Sum(static receipt => receipt.Counted.MinorUnits);
        switch (intent.Status)
        {
            case IntentStatus.Succeeded:
                Assert.True(settled >= (intent.CaptureAmount?.MinorUnits ?? Enough(intent)), history);
                break;
            case IntentStatus.Canceled:
                Assert.Equal(0, settled);
                Assert.DoesNotContain(file.Attempts, static attempt => attempt.Status == AttemptStatus.Open);
                Assert.Equal(0, ledger.Where(static line => line.Key.Item1 == AccountKind.MerchantAvailable).Sum(static line => line.Value));
                break;
            case IntentStatus.RequiresPaymentMethod:
                Assert.Equal(0, file.Covered.MinorUnits);
                Assert.DoesNotContain(file.Attempts, static attempt => attempt.Status == AttemptStatus.Open);
                break;
            case IntentStatus.RequiresCapture:
                Assert.True(intent.CaptureBefore is not null && file.Receipts.Any(static receipt => receipt.Status == ReceiptStatus.Held), history);
                break;
            case IntentStatus.RequiresAction:
                Assert.True(file.Covered.MinorUnits < (intent.CaptureAmount?.MinorUnits ?? Enough(intent)), history);
                break;
        }

        // An ended intent stays ended; versions count changes; a hold is answered for.
        if (before.Intent.Status == IntentStatus.Canceled)
            Assert.Equal(IntentStatus.Canceled, intent.Status);
        Assert.Equal(before.Intent.Version + (change.IsFileUnchanged ? 0 : 1), intent.Version);
        if (change.IsFileUnchanged)
            Assert.Empty(change.Ledger);
        if (intent.Status == IntentStatus.Canceled)
        {
            foreach (var receipt in file.Receipts.Where(static receipt => receipt.Status == ReceiptStatus.Held))
            {
                var wasHeld = before.FindReceipt(receipt.Reference)?.Status == ReceiptStatus.Held && before.Intent.Status == IntentStatus.Canceled;
                Assert.True(wasHeld || change.Commands.Contains(new RailCommand.Release(receipt.AttemptId)), history);
            }
        }

        Assert.True(now >= s_start);
    }

    // What may be missing is rounded down, and nothing at all is never enough.
    private static long Enough(PaymentIntent intent) => Math.Max(1, intent.Amount.MinorUnits - (intent.Amount.MinorUnits * (intent.Terms?.ToleranceBasisPoints ?? 0) / 10_000));

    private static IntentInput? Draw(Random random, PaymentFile file, DateTimeOffset now)
    {
        switch (random.Next(12))
        {
            case 0:
                return new IntentInput.Attach((RailKind)random.Next(3));
            case 1 or 2:
                return !file.IsOwed ? null : new IntentInput.Offer(DrawAttempt(random, file, now));
            case 3:
                return file.Attempts.Length == 0 ? null : new IntentInput.Fail(Pick(random, file.Attempts).Id, "card_declined", "insufficient_funds", "Declined.");
            case 4:
                return new IntentInput.Capture(random.Next(2) == 0 ? null : file.Intent.Amount with { MinorUnits = random.Next(1, 2600) });
            case 5:
                return random.Next(3) != 0 ? null : new IntentInput.Cancel(CancellationReason.RequestedByCustomer);
            case 6:
                return new IntentInput.Tick();
            default:
                return DrawReport(random, file, now);
        }
    }

    private static IntentInput.Report? DrawReport(Random random, PaymentFile file, DateTimeOffset now)
    {
        if (file.Receipts.Length > 0 && random.Next(2) == 0)
        {
            var known = Pick(random, file.Receipts);
            return new IntentInput.Report(known.AttemptId, known.Reference, (ReceiptStatus)random.Next(5), known.Amount, s_price, now + TimeSpan.FromHours(1));
        }

        if (file.Attempts.Length == 0)
            return null;
        var attempt = Pick(random, file.Attempts);

        // Where any amount may come, it may be worth nothing.
        var due = attempt.Due > 0 ? attempt.Due : random.Next(1, 100_000_000);
        var amount = random.Next(4) switch
        {
            0 => Math.Max(1, due / 3),
            1 => due * 2,
            2 => due + 7,
            _ => due,
        };
        var isPriced = random.Next(3) != 0;
        return new IntentInput.Report(
            attempt.Id, $"money-{random.Next(1_000_000)}", (ReceiptStatus)random.Next(5), amount, isPriced ? s_price with { MilliMinorUnits = s_price.MilliMinorUnits / 2 } : null, now + TimeSpan.FromHours(1));
    }

    private static PaymentAttempt DrawAttempt(Random random, PaymentFile file, DateTimeOffset now)
    {
        var rail = Pick(random, file.Intent.Rails);
        var covers = file.Rest;
        var isCard = rail == RailKind.Card;
        var quote = isCard ? null : new Quote(covers, s_price.ToBitcoin(covers), s_price, "test", 0, now, now + TimeSpan.FromMinutes(15));
        return new PaymentAttempt
        {
            Id = $"attempt-{file.Attempts.Length}",
            Rail = rail,
            Status = AttemptStatus.Open,
            Reference = $"reference-{file.Attempts.Length}",
            Covers = covers,
            Asset = isCard ? Asset.Of(covers.Currency) : Asset.Bitcoin,
            Due = isCard ? covers.MinorUnits : quote!.Bitcoin.Value,
            Quote = quote,
            CreatedAt = now,
            ExpiresAt = now + TimeSpan.FromMinutes(15),
        };
    }

    private static T Pick<T>(Random random, ImmutableArray<T> from) => from[random.Next(from.Length)];

    private static PaymentFile Fresh(bool isManual, int toleranceBasisPoints, bool isTopUp) => new(
        new PaymentIntent
        {
            Id = "pi_1",
            StoreId = "store_1",
            IsLive = false,
            Amount = new CurrencyAmount(isTopUp ? 0 : 2500, Currency.Of("eur")),
            IsTopUp = isTopUp,
            Terms = toleranceBasisPoints == 0 ? null : new PaymentTerms { ToleranceBasisPoints = toleranceBasisPoints },
            Status = IntentStatus.RequiresPaymentMethod,
            CaptureMethod = isManual ? CaptureMethod.Manual : CaptureMethod.Automatic,
            Rails = isTopUp ? [RailKind.Lightning, RailKind.OnChain] : [RailKind.Lightning, RailKind.OnChain, RailKind.Card],
            ClientSecret = "pi_1_secret_x",
            CreatedAt = s_start,
            ExpiresAt = s_start + TimeSpan.FromHours(1),
            AmountReceived = new CurrencyAmount(0, Currency.Of("eur")),
            AmountCapturable = new CurrencyAmount(0, Currency.Of("eur")),
            Version = 1,
        },
        [],
        []);
}
