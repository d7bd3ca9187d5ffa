using System.Globalization;
using Tributary.Payments.Intents;
using Tributary.Payments.Ledger;
using Tributary.Payments.Money;
using Tributary.Payments.PullPayments;
using Tributary.Payments.Quotes;
using Tributary.Payments.Rails;
using Tributary.Payments.Refunds;
using Tributary.Storage.Sqlite;

namespace Tributary.Payments.Tests.PullPayments;

/// <summary>
/// Payments, refunds of both kinds, claims, approvals and rails that answer as they like, in random order on a real database; held to laws that do not
/// repeat the services' reasoning. <c>TRIBUTARY_CLAIM_SEEDS</c> sets how many orders are tried.
/// </summary>
public sealed class ClaimModelTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tributary-claims-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Never_more_goes_back_than_came_and_nothing_is_paid_twice_whatever_happens_in_which_order()
    {
        var seeds = int.Parse(Environment.GetEnvironmentVariable("TRIBUTARY_CLAIM_SEEDS") ?? "3", CultureInfo.InvariantCulture);
        for (var seed = 0; seed < seeds; seed++)
        {
            var database = await SqliteDatabase.OpenAsync(Path.Combine(_folder, $"{seed}.db"), 2, Token);
            await using var world = await PullPaymentWorld.OpenAsync(database, 100_000_000);
            var life = new Life(world, new Random(seed), seed);
            for (var step = 0; step < 60; step++)
                await life.StepAsync();
            await life.JudgeAsync();
            Assert.True(life.Paid > 0, $"Seed {seed} paid nothing: it shows nothing.");
        }
    }

    private sealed class Life(PullPaymentWorld world, Random random, int seed)
    {
        private readonly List<string> _history = [];
        private readonly List<PaymentFile> _payments = [];
        private readonly List<PullPayment> _pulls = [];
        private readonly List<ClaimView> _claims = [];
        private readonly HashSet<string> _outside = new(StringComparer.Ordinal);
        private int _destinations;

        public int Paid => world.Chain.Calls.Count;

        public async Task StepAsync()
        {
            world.Clock.Advance(TimeSpan.FromMinutes(random.Next(4) == 0 ? 2 : 0));
            world.Price = new BitcoinPrice(PullPaymentWorld.Euro, 3_000_000_000L + (random.Next(6) * 1_000_000_000L));
            switch (random.Next(12))
            {
                case 0:
                    _payments.Add(await world.PayAsync(1 + random.Next(3000), due => Math.Max(1000, due + (1000 * random.Next(-5000, 5000)))));
                    break;
                case 1 or 2 when _payments.Count > 0:
                    await RefundAsync();
                    break;
                case 3 when _payments.Count > 0:
                    Note("direct", await world.Refunds.CreateAsync(
                        new RefundRequest { StoreId = PullPaymentWorld.Store, IsLive = false, IntentId = Any(_payments).Intent.Id, Amount = random.Next(3) == 0 ? null : 1 + random.Next(2000), Destination = random.Next(2) == 0 ? null : Destination(), Actor = "ann" },
                        null,
                        Token));
                    break;
                case 4:
                    _pulls.Add(await world.PullAsync(1 + random.Next(5000), random.Next(2) == 0, random.Next(2) == 0 ? new CurrencyAmount(1 + random.Next(1000), PullPaymentWorld.Euro) : null));
                    break;
                case 5 or 6 or 7 when _pulls.Count > 0:
                    var pull = Any(_pulls);
                    if (Note("claim", await world.ClaimAsync(pull, Destination(), random.Next(2) == 0 ? null : 1 + random.Next((int)Math.Min(5000, pull.Amount.MinorUnits)))).TryGet(out var claim))
                        _claims.Add(claim);
                    break;
                case 8 when _claims.Count > 0:
                    await ManageAsync(Any(_claims));
                    break;
                case 9:
                    await world.FollowExcessAsync();
                    break;
                default:
                    if (random.Next(2) == 0)
                        world.Chain.Answers.Enqueue(random.Next(4) switch { 0 => null, 1 => new OutgoingReport.Pending("tx"), 2 => new OutgoingReport.Failed("refused", "No."), _ => new OutgoingReport.Sent("tx", null, 0) });
                    await Task.WhenAll(world.Engine.RunAsync(10, Token), world.Engine.RunAsync(10, Token));
                    break;
            }
        }

        public async Task JudgeAsync()
        {
            var why = $"Seed {seed}\n" + string.Join('\n', _history);

            // A payment never gives more bitcoin than it brought, by whatever way it was asked for.
            foreach (var payment in _payments)
            {
                var file = await world.ReloadAsync(payment);
                var came = file.Receipts.Where(static receipt => receipt.Status == ReceiptStatus.Settled).Sum(static receipt => receipt.Amount);
                var promised = file.Refunds.Where(static refund => refund.TakesMoney).Sum(static refund => refund.Gross);
                var destinations = file.Refunds.SelectMany(static refund => refund.Transfers).Select(static transfer => transfer.Id).ToHashSet(StringComparer.Ordinal);
                Assert.True(promised <= came, why);
                Assert.True(PaidBy(call => destinations.Contains(call.Id)) <= came, why);
            }

            // Each claim has a destination of its own, so what arrived there tells how often it was paid.
            foreach (var claim in _claims)
            {
                var now = await world.ReloadAsync(claim);
                var arrived = PaidBy(call => string.Equals(call.Destination, now.Claim.Destination, StringComparison.Ordinal));
                Assert.True(arrived == (now.State == ClaimState.Completed && !_outside.Contains(now.Claim.Id) ? now.Claim.Bitcoin!.Value : now.State == ClaimState.InProgress ? arrived : 0), why);
                Assert.True(arrived <= (now.Claim.Bitcoin ?? 0), why);
            }

            foreach (var pull in _pulls)
            {
                var view = (await world.Pulls.FindAsync(pull.Id, Token))!;
                Assert.True(view.Claims.Where(static claim => claim.State != ClaimState.Cancelled).Sum(static claim => claim.Claim.Amount.MinorUnits) <= pull.Amount.MinorUnits, why);
            }

            // The books know of every millisatoshi that left, and of none that did not.
            var earned = 100_000_000 + (await Task.WhenAll(_payments.Select(world.ReloadAsync))).SelectMany(static file => file.Receipts).Where(static receipt => receipt.Status == ReceiptStatus.Settled).Sum(static receipt => receipt.Amount);
            Assert.Equal(earned - PaidBy(static _ => true), await world.BalanceAsync(AccountKind.OnChain));
            Assert.True(await world.SpendableAsync() >= 0, why);
        }

        private async Task RefundAsync()
        {
            var variant = (RefundVariant)random.Next(5);
            var request = world.Refund(Any(_payments), variant) with { SubtractMicroPercent = variant == RefundVariant.OverpaidAmount ? 0 : random.Next(3) * 1_250_000 };
            if (variant == RefundVariant.Custom)
                request = request with { CustomAmount = random.Next(2) == 0 ? new CurrencyAmount(1 + random.Next(20_000), Currency.Bitcoin) : new CurrencyAmount(1 + random.Next(2000), PullPaymentWorld.Euro) };
            if (Note($"refund {variant}", await world.Pulls.CreateRefundAsync(request, Token)).TryGet(out var pull) && !_pulls.Exists(known => string.Equals(known.Id, pull.Id, StringComparison.Ordinal)))
                _pulls.Add(pull);
        }

        private async Task ManageAsync(ClaimView claim)
        {
            switch (random.Next(6))
            {
                case 0:
                    Note("cancel", await world.Pulls.CancelClaimAsync(claim.Claim.Id, Token));
                    break;
                case 1:
                    if (Note("mark", await world.Pulls.MarkPaidAsync(claim.Claim.Id, null, Token)).IsOk)
                        _outside.Add(claim.Claim.Id);
                    break;
                case 2 when claim.Claim.PullPaymentId is { } id && random.Next(4) == 0:
                    Note("archive", await world.Pulls.ArchiveAsync(id, Token));
                    break;
                default:
                    Note("approve", await world.Pulls.ApproveAsync(claim.Claim.Id, 0, null, random.Next(2) == 0 ? "ann" : "ben", Token));
                    break;
            }
        }

        // What the rail paid: once for each transfer, however often it was asked.
        private long PaidBy(Func<OutgoingTransfer, bool> isIt) =>
            world.Chain.Calls.Where(isIt).DistinctBy(static call => call.Id, StringComparer.Ordinal).Where(call => world.Chain.HasPaid(call.Id)).Sum(static call => call.Amount);

        private string Destination() => $"bc1-{++_destinations}";

        private T Any<T>(List<T> list) => list[random.Next(list.Count)];

        private Primitives.Results.Result<T, Errors.PaymentError> Note<T>(string what, Primitives.Results.Result<T, Errors.PaymentError> result)
            where T : class
        {
            _history.Add($"{what}: {(result.IsOk ? "ok" : result.Error.Code)}");
            return result;
        }
    }
}
