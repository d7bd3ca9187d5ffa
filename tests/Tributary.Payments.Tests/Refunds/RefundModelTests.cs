using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Tributary.Payments.Intents;
using Tributary.Payments.Ledger;
using Tributary.Payments.Money;
using Tributary.Payments.Quotes;
using Tributary.Payments.Rails;
using Tributary.Payments.Refunds;

namespace Tributary.Payments.Tests.Refunds;

/// <summary>Payments and their refunds in random order, held to laws that do not repeat the machines' reasoning.</summary>
public sealed class RefundModelTests
{
    private static readonly DateTimeOffset s_start = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly Currency s_euro = Currency.Of("eur");
    private static readonly BitcoinPrice s_price = new(s_euro, 6_000_000_000);

    [Fact]
    public void Never_more_goes_back_than_came_whatever_happens_in_which_order() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(4000), Prop.ForAll((int seed, byte length) => Live(seed, 1 + (length % 60))));

    private static void Live(int seed, int length)
    {
        var world = new World(new Random(seed));
        for (var step = 0; step < length; step++)
            world.Step();
        world.Judge();
    }

    private sealed class World(Random random)
    {
        private readonly List<string> _history = [];
        private readonly Dictionary<(AccountKind, Asset), long> _ledger = [];

        // What a rail would have counted: money that went out, by asset, and transfers that it has ruled on.
        private readonly Dictionary<Asset, long> _out = [];
        private readonly Dictionary<string, RefundTransferStatus> _ruled = new(StringComparer.Ordinal);
        private DateTimeOffset _now = s_start;
        private PaymentFile _file = Fresh();
        private int _names;

        public void Step()
        {
            _now += TimeSpan.FromMinutes(random.Next(5) == 0 ? random.Next(60) : 0);
            switch (random.Next(10))
            {
                case 0 or 1:
                    Offer();
                    break;
                case 2 or 3 or 4:
                    Report();
                    break;
                case 5:
                    if (random.Next(4) == 0)
                        Intent(new IntentInput.Cancel(CancellationReason.RequestedByCustomer));
                    else
                        Intent(new IntentInput.Tick());
                    break;
                case 6:
                    Open();
                    break;
                case 7:
                    OpenExcess();
                    break;
                default:
                    Move();
                    break;
            }

            Judge();
        }

        public void Judge()
        {
            var why = string.Join('\n', _history);
            var expected = FileBalances.Of(_file);
            Assert.All(expected.Keys.Union(_ledger.Keys), key => Assert.Equal(expected.GetValueOrDefault(key), _ledger.GetValueOrDefault(key)));

            // What was ever received of an asset and not taken away by the chain covers what went out, and what may still go.
            foreach (var asset in _out.Keys.Append(Asset.Bitcoin).Append(Asset.Of(s_euro)))
            {
                var everReceived = _file.Receipts.Where(receipt => _file.FindAttempt(receipt.AttemptId)!.Asset == asset).Sum(static receipt => receipt.Amount);
                var promised = _file.Refunds.Where(refund => refund.TakesMoney && refund.Asset == asset).Sum(static refund => refund.Gross);
                Assert.True(promised <= everReceived, why);
                Assert.True(_out.GetValueOrDefault(asset) <= promised, why);
            }

            // No receipt gives more than it brought, counted or in its asset.
            foreach (var receipt in _file.Receipts)
            {
                var parts = _file.Refunds.Where(static refund => refund.TakesMoney).SelectMany(static refund => refund.Parts).Where(part => string.Equals(part.Receipt, receipt.Reference, StringComparison.Ordinal)).ToList();
                Assert.True(parts.Sum(static part => part.Amount) <= receipt.Amount, why);
                Assert.True(parts.Sum(static part => part.Counted) <= _file.Intent.Amount.MinorUnits, why);
            }

            foreach (var refund in _file.Refunds)
            {
                // One open transfer at most, and another one only after the last was ruled out by its rail.
                Assert.True(refund.Transfers.Count(static transfer => transfer.Status != RefundTransferStatus.Failed) <= 1, why);
                Assert.All(refund.Transfers.SkipLast(1), transfer => Assert.Equal(RefundTransferStatus.Failed, _ruled[transfer.Id]));
                Assert.Equal(refund.Status == RefundStatus.Pending, refund.LastTransfer?.Status == RefundTransferStatus.Pending);
                Assert.Equal(refund.Status == RefundStatus.Succeeded, refund.LastTransfer?.Status == RefundTransferStatus.Sent);
                Assert.All(refund.Transfers, transfer => Assert.Equal(refund.Gross, transfer.Amount + transfer.ShopperFee));
                if (refund.Asset == Asset.Bitcoin)
                    Assert.Equal(0, refund.Gross % 1000);
            }
        }

        private void Offer()
        {
            if (_file.Rest.MinorUnits == 0)
                return;
            var rail = (RailKind)random.Next(3);
            var isCard = rail == RailKind.Card;
            var covers = _file.Rest;
            var quote = isCard ? null : new Quote(covers, s_price.ToBitcoin(covers), s_price, "test", 0, _now, _now + TimeSpan.FromMinutes(15));
            Intent(new IntentInput.Offer(new PaymentAttempt
            {
                Id = Name("att"),
                Rail = rail,
                Status = AttemptStatus.Open,
                Reference = Name("ref"),
                Covers = covers,
                Asset = isCard ? Asset.Of(s_euro) : Asset.Bitcoin,
                Due = isCard ? covers.MinorUnits : quote!.Bitcoin.Value,
                Quote = quote,
                CreatedAt = _now,
                ExpiresAt = _now + TimeSpan.FromMinutes(15),
            }));
        }

        private void Report()
        {
            if (_file.Receipts.Length > 0 && random.Next(3) == 0)
            {
                var known = Pick(_file.Receipts);
                Intent(new IntentInput.Report(known.AttemptId, known.Reference, (ReceiptStatus)random.Next(5), known.Amount, s_price, null));
                return;
            }

            if (_file.Attempts.Length == 0)
                return;
            var attempt = Pick(_file.Attempts);
            var amount = random.Next(4) switch { 0 => Math.Max(1, attempt.Due / 3), 1 => attempt.Due * 2, 2 => attempt.Due + 7, _ => attempt.Due };
            Intent(new IntentInput.Report(attempt.Id, Name("money"), random.Next(4) == 0 ? ReceiptStatus.Seen : ReceiptStatus.Settled, amount, s_price, null));
        }

        private void Intent(IntentInput input)
        {
            _history.Add($"{input}");
            if (!IntentMachine.Handle(_file, input, _now).TryGet(out var change))
                return;
            Post(change.Ledger);
            _file = change.File;
        }

        private void Open()
        {
            var price = s_price with { MilliMinorUnits = random.Next(2_000, 20_000) * 1_000_000L };
            var amount = random.Next(3) == 0 ? (CurrencyAmount?)null : new CurrencyAmount(random.Next(0, 2600), s_euro);
            var planned = RefundPlanner.Plan(_file, amount, (RefundRateKind)random.Next(2), new RefundRate(RefundRateKind.Current, price, "test", _now));
            if (planned.TryGet(out var plan))
                Refund(OpenOf(plan, isExcess: false, random.Next(5) == 0));
        }

        private void OpenExcess()
        {
            foreach (var plan in RefundPlanner.PlanExcess(_file, 1000))
                Refund(OpenOf(plan, isExcess: true, isHeld: false));
        }

        private RefundInput.Open OpenOf(RefundPlan plan, bool isExcess, bool isHeld)
        {
            var refund = new Refund
            {
                Id = Name("re"),
                Amount = plan.Amount,
                IsExcess = isExcess,
                Asset = plan.Asset,
                Gross = plan.Gross,
                FeeBearer = FeeBearer.Merchant,
                Rate = plan.Rate,
                Reason = RefundReason.None,
                Status = isHeld ? RefundStatus.AwaitingApproval : RefundStatus.RequiresAction,
                CreatedBy = "key_1",
                CreatedAt = _now,
                ClaimToken = plan.Origin is null ? Name("claim") : null,
                ExpiresAt = plan.Origin is null ? _now + TimeSpan.FromHours(1) : null,
                Parts = plan.Parts,
                Transfers = [],
                Version = 0,
            };
            var isNamed = plan.Origin is not null || random.Next(2) == 0;
            return new RefundInput.Open(refund, isNamed && !isHeld ? Transfer(refund, plan.Origin) : null);
        }

        private void Move()
        {
            if (_file.Refunds.IsEmpty)
                return;
            var refund = Pick(_file.Refunds);
            var isCard = refund.ClaimToken is null && refund.Asset != Asset.Bitcoin;
            switch (random.Next(8))
            {
                case 0:
                    Refund(new RefundInput.Cancel(refund.Id));
                    break;
                case 1:
                    Refund(new RefundInput.Expire(refund.Id));
                    break;
                case 2:
                    Refund(new RefundInput.Approve(refund.Id, random.Next(2) == 0 ? "key_1" : "user_2", isCard || random.Next(2) == 0 ? Transfer(refund, isCard ? _file.Attempts[0] : null) : null));
                    break;
                case 3 when !isCard:
                    Refund(new RefundInput.Claim(refund.Id, Transfer(refund, null)));
                    break;
                default:
                    Rule(refund);
                    break;
            }
        }

        // The rail answers, always the same once it has decided; a card's payment may come back.
        private void Rule(Refund refund)
        {
            if (refund.Transfers.IsEmpty)
                return;
            var transfer = Pick(refund.Transfers);
            var ruled = _ruled.GetValueOrDefault(transfer.Id);
            var comesBack = ruled == RefundTransferStatus.Sent && transfer.Rail == RailKind.Card && random.Next(2) == 0;
            if (ruled == RefundTransferStatus.Pending || comesBack)
                ruled = comesBack ? RefundTransferStatus.Failed : (RefundTransferStatus)random.Next(3);
            OutgoingReport told = ruled switch
            {
                RefundTransferStatus.Sent => new OutgoingReport.Sent("out " + transfer.Id, null, transfer.FeeMax / 2),
                RefundTransferStatus.Failed => new OutgoingReport.Failed("no_route", "No route."),
                _ => new OutgoingReport.Pending("out " + transfer.Id),
            };
            if (_ruled.GetValueOrDefault(transfer.Id) != ruled)
            {
                var sign = ruled == RefundTransferStatus.Sent ? 1 : comesBack ? -1 : 0;
                _out[refund.Asset] = _out.GetValueOrDefault(refund.Asset) + (sign * transfer.Amount);
            }

            _ruled[transfer.Id] = ruled;
            Refund(new RefundInput.Report(refund.Id, transfer.Id, told, _now + TimeSpan.FromHours(1)));

            // At least once: the same answer again changes nothing.
            Assert.True(RefundMachine.Handle(_file, new RefundInput.Report(refund.Id, transfer.Id, told, _now + TimeSpan.FromHours(1)), _now).Value.IsNothing);
        }

        private void Refund(RefundInput input)
        {
            _history.Add($"{input}");
            if (!RefundMachine.Handle(_file, input, _now).TryGet(out var change, out var error))
            {
                Assert.False(string.IsNullOrEmpty(error.Message));
                return;
            }

            Assert.Equal(change.IsNothing ? _file.Intent.Version : _file.Intent.Version + 1, change.File.Intent.Version);
            Post(change.Ledger);
            _file = change.File;
        }

        private RefundTransfer Transfer(Refund refund, PaymentAttempt? origin) => new()
        {
            Id = Name("tr"),
            Rail = origin is not null ? RailKind.Card : (RailKind)random.Next(2),
            Destination = origin is null ? Name("to") : "",
            Amount = refund.Gross,
            FeeMax = origin is null ? 5000 : 0,
            ShopperFee = 0,
            OriginAttemptId = origin?.Id,
            Status = RefundTransferStatus.Pending,
            CreatedAt = _now,
        };

        private void Post(ImmutableArray<LedgerTransaction> entries)
        {
            foreach (var posting in entries.SelectMany(static entry => entry.Postings))
                _ledger[(posting.Account, posting.Asset)] = _ledger.GetValueOrDefault((posting.Account, posting.Asset)) + posting.Amount;
        }

        private string Name(string prefix) => $"{prefix}_{_names++}";

        private T Pick<T>(ImmutableArray<T> from) => from[random.Next(from.Length)];

        private static PaymentFile Fresh() => new(
            new PaymentIntent
            {
                Id = "pi_1",
                StoreId = "store_1",
                IsLive = false,
                Amount = new CurrencyAmount(2500, s_euro),
                Status = IntentStatus.RequiresPaymentMethod,
                CaptureMethod = CaptureMethod.Automatic,
                Rails = [RailKind.Lightning, RailKind.OnChain, RailKind.Card],
                ClientSecret = "pi_1_secret_x",
                CreatedAt = s_start,
                ExpiresAt = s_start + TimeSpan.FromHours(6),
                AmountReceived = new CurrencyAmount(0, s_euro),
                AmountCapturable = new CurrencyAmount(0, s_euro),
                Version = 1,
            },
            [],
            []);
    }
}
