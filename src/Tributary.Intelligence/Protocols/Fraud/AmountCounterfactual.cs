using Tributary.Intelligence.Features;
using Tributary.Intelligence.Models;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Protocols.Fraud;

/// <summary>
/// Below which amount a payment would have scored less. Every amount tried goes through a copy of the feature store as it was before the payment, so
/// that all features that depend on it move together: what is claimed was computed, not estimated.
/// </summary>
public static class AmountCounterfactual
{
    private const double Step = 0.85;
    private const int MostSteps = 24;
    private const int Halvings = 8;

    /// <summary>
    /// The greatest amount found at which the payment scores below a threshold, in minor units; null where no amount tried does, down to a fiftieth. Of
    /// amounts that were not tried nothing is claimed.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="history">The payments, with the model's codes of categories.</param>
    /// <param name="row">The payment.</param>
    /// <param name="threshold">The score to stay below.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public static Result<AmountBound, Refusal> Find(FraudModel model, IPaymentHistory history, int row, double threshold, CancellationToken cancellationToken = default)
    {
        var store = new FeatureStore(model.Features);
        var features = new float[model.Features.Schema.Count];
        for (var before = 0; before < row; before++)
        {
            if (before % 16_384 == 0)
                cancellationToken.ThrowIfCancellationRequested();
            var payment = history.Payment(before);
            if (!store.Observe(payment, features).TryGet(out var observation, out var refusal))
                return refusal;
            if (history.IsFraud(before) && !store.Apply(payment.At(observation.TimeMs), Outcome.Fraud).TryGet(out _, out refusal))
                return refusal;
        }

        using var snapshot = new MemoryStream();
        store.SaveTo(snapshot);
        var asked = history.Payment(row);

        // A score need not rise with the amount (card testers pay little): step down until one passes, then look between that and the last that did not.
        var (passes, fails) = (asked.AmountMinor, asked.AmountMinor);
        var score = double.PositiveInfinity;
        for (var step = 0; step < MostSteps && score >= threshold && passes > 0; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            (fails, passes) = (passes, (long)(passes * Step));
            score = Score(model.File.Model, snapshot, model, asked, passes, features);
        }

        if (score >= threshold)
            return new AmountBound(null, double.NaN);
        for (var halving = 0; halving < Halvings && fails - passes > 1; halving++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var middle = passes + ((fails - passes) / 2);
            var scored = Score(model.File.Model, snapshot, model, asked, middle, features);
            (passes, fails, score) = scored < threshold ? (middle, fails, scored) : (passes, middle, score);
        }

        return new AmountBound(passes, score);
    }

    private static double Score(IModel scorer, MemoryStream snapshot, FraudModel model, in PaymentEvent asked, long amount, float[] features)
    {
        snapshot.Position = 0;
        var store = FeatureStore.Restore(model.Features, snapshot).Value;
        var payment = new PaymentEvent
        {
            Id = asked.Id,
            TimeMs = asked.TimeMs,
            AmountMinor = amount,
            Category = asked.Category,
            Place = asked.Place,
            Entities = asked.Entities,
        };
        _ = store.Observe(payment, features).Value;
        return scorer.Score(features);
    }
}
