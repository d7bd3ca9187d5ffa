using System.Collections.Immutable;
using Tributary.Payments;
using Tributary.Payments.Errors;
using Tributary.Payments.Intents;
using Tributary.Payments.Risk;

namespace Tributary.Server.Checkout;

/// <summary>
/// Sees to it that a page that can be paid has something to pay with: one open offer of each bitcoin rail for what is left. Reading the page again
/// makes nothing new as long as the offers hold.
/// </summary>
internal sealed class CheckoutOffers(PaymentService payments, TimeProvider clock)
{
    // So much of an offer's time has to be left for a shopper who sees it now.
    private static readonly TimeSpan s_margin = TimeSpan.FromSeconds(30);

    // Two requests for one page must not make two invoices; a stripe serves many pages.
    private readonly SemaphoreSlim[] _stripes = [.. Enumerable.Range(0, 64).Select(static _ => new SemaphoreSlim(1))];

    // A gate that has refused is asked again after so long: a page that is loaded again and again asks nothing new.
    private static readonly TimeSpan s_refused = TimeSpan.FromMinutes(15);

    /// <summary>The file with its offers of all rails, and why a rail offers nothing.</summary>
    public Task<(PaymentFile File, ImmutableArray<PaymentError> Refusals)> EnsureAsync(PaymentFile file, RiskClues clues, CancellationToken cancellationToken) =>
        EnsureAsync(file, static _ => true, cancellationToken, clues);

    /// <summary>The file with its offers, and why a rail offers nothing.</summary>
    /// <param name="file">The payment.</param>
    /// <param name="isWanted">The rails that are to offer something.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="clues">What is known of the shopper, for the risk gate; null where a program asks and no shopper.</param>
    public async Task<(PaymentFile File, ImmutableArray<PaymentError> Refusals)> EnsureAsync(
        PaymentFile file, Func<RailKind, bool> isWanted, CancellationToken cancellationToken, RiskClues? clues = null)
    {
        if (!IsPayable(file) || !Missing(file).Exists(rail => isWanted(rail)))
            return (file, []);
        var stripe = _stripes[(uint)string.GetHashCode(file.Intent.Id, StringComparison.Ordinal) % (uint)_stripes.Length];
        await stripe.WaitAsync(cancellationToken);
        try
        {
            file = await payments.FindAsync(file.Intent.Id, cancellationToken) ?? file;
            if (!IsPayable(file))
                return (file, []);
            var refusals = ImmutableArray.CreateBuilder<PaymentError>();
            foreach (var rail in Missing(file).Where(isWanted))
            {
                var confirmed = await payments.ConfirmAsync(file.Intent.Id, new ConfirmRequest(rail) { Clues = clues ?? RiskClues.None }, null, cancellationToken);
                if (confirmed.TryGet(out var after, out var refusal))
                    file = after;
                else
                    refusals.Add(refusal);
            }

            return (file, refusals.ToImmutable());
        }
        finally
        {
            stripe.Release();
        }
    }

    /// <summary>The offer of a rail that a shopper can take now; null where there is none.</summary>
    public static PaymentAttempt? Current(PaymentFile file, RailKind rail, DateTimeOffset now) => file.Attempts.LastOrDefault(attempt =>
        attempt.Rail == rail && attempt is { Status: AttemptStatus.Open, Instruction: not null } && attempt.Covers == file.Rest && file.IsOwed && attempt.ExpiresAt > now);

    private static bool IsPayable(PaymentFile file) =>
        file.IsOwed && file.Intent.Status is IntentStatus.RequiresPaymentMethod or IntentStatus.RequiresConfirmation or IntentStatus.RequiresAction;

    private List<RailKind> Missing(PaymentFile file)
    {
        var now = clock.GetUtcNow();

        // Towards the page's own end an offer cannot last longer than that.
        var margin = file.Intent.ExpiresAt - now > s_margin * 2 ? s_margin : TimeSpan.Zero;
        return [.. file.Intent.Rails.Where(rail => rail is RailKind.Lightning or RailKind.OnChain && Current(file, rail, now + margin) is null && !IsRefused(file, rail, now))];
    }

    private static bool IsRefused(PaymentFile file, RailKind rail, DateTimeOffset now) =>
        file.Attempts.LastOrDefault(attempt => attempt.Rail == rail) is { Status: AttemptStatus.Failed, Risk.Verdict: RiskVerdict.Block or RiskVerdict.StepUp } refused && now - refused.CreatedAt < s_refused;
}
