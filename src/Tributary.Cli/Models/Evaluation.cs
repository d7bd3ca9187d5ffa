using System.Collections.Immutable;
using Tributary.Intelligence.Data;
using Tributary.Intelligence.Decisions.Backtesting;
using Tributary.Intelligence.Models;
using Tributary.Intelligence.Protocols;
using Tributary.Intelligence.Protocols.Handbook;
using Tributary.Intelligence.Protocols.TimeSplit;
using Tributary.Intelligence.Reports;
using Tributary.Primitives.Results;

namespace Tributary.Cli.Models;

/// <summary>Runs protocols by their names.</summary>
internal sealed class Evaluation(EvaluateRequest request, TimeProvider clock, IProgress<ProtocolProgress>? progress, CancellationToken cancellationToken)
{
    private static readonly BacktestEconomics s_economics = new();

    private readonly DateTimeOffset _startedAt = clock.GetUtcNow();
    private readonly long _started = clock.GetTimestamp();

    /// <summary>Runs the protocol, with the reference features too when they were asked for.</summary>
    internal Result<EvaluationOutcome, Refusal> Run() => request.Format == PaymentFormat.Handbook ? RunHandbook() : RunTimeSplit();

    private Result<EvaluationOutcome, Refusal> RunHandbook()
    {
        var options = new HandbookOptions
        {
            Folds = request.Folds,
            TrainDays = request.TrainDays,
            TopCards = request.TopCards,
            Features = request.Features,
            Replicates = request.Replicates,
            Seed = request.Seed,
        };
        if (!HandbookProtocol.Run(request.Data.FullName, options, clock, progress, cancellationToken).TryGet(out var run, out var refusal))
            return refusal;
        var report = HandbookSummary.Of(run, FileFacts.Of(request.Data, run.Payments), s_economics, Facts());
        if (request.WithReference)
        {
            var published = options with { Features = request.Format.Reference };
            if (!HandbookProtocol.Run(request.Data.FullName, published, clock, progress, cancellationToken).TryGet(out var reference, out refusal))
                return refusal;
            report = report with { Reference = HandbookSummary.Metrics(reference.Report) };
        }

        var last = run.Folds[^1];
        return Complete(report, HandbookSummary.Pool(run), last.Model, last.Features, last.Labels);
    }

    private Result<EvaluationOutcome, Refusal> RunTimeSplit()
    {
        var reading = request.Format.Read(request.Data.FullName, share => progress?.Report(new ProtocolProgress("reading", share, null)), cancellationToken);
        if (!reading.TryGet(out var history, out var refusal))
            return refusal;
        var options = new TimeSplitOptions
        {
            Features = request.Features,
            Replicates = request.Replicates,
            Seed = request.Seed,
        };
        if (!TimeSplitProtocol.Run(history, options, clock, progress, cancellationToken).TryGet(out var run, out refusal))
            return refusal;
        var report = TimeSplitSummary.Of(request.Format.Name, run, options, FileFacts.Of(request.Data, history), Facts());
        if (request.WithReference)
        {
            if (!TimeSplitProtocol.Run(history, options with { Features = request.Format.Reference }, clock, progress, cancellationToken).TryGet(out var reference, out refusal))
                return refusal;
            report = report with { Reference = reference.Metrics };
        }

        return Complete(report, run.Payments, run.Model, run.Features, run.Payments.Labels);
    }

    private EvaluationOutcome Complete(EvaluationReport report, ScoredPayments payments, IModel model, FeatureMatrix features, ImmutableArray<float> labels)
    {
        var complete = report with { Run = Facts() };
        return new EvaluationOutcome(complete, () => EvaluationPage.Write(complete, payments, model, features, labels, s_economics));
    }

    private RunFacts Facts() => new(_startedAt, clock.GetElapsedTime(_started).TotalSeconds, Machine.Describe(), request.Command);
}
