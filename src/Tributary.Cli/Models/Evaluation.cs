using Tributary.Intelligence.Decisions.Backtesting;
using Tributary.Intelligence.Protocols;
using Tributary.Intelligence.Protocols.Handbook;
using Tributary.Intelligence.Protocols.TimeSplit;
using Tributary.Intelligence.Reports;
using Tributary.Primitives.Results;

namespace Tributary.Cli.Models;

/// <summary>Runs protocols by their names.</summary>
internal sealed class Evaluation(EvaluateRequest request, TimeProvider clock, IProgress<ProtocolProgress>? progress, CancellationToken cancellationToken)
{
    private readonly DateTimeOffset _startedAt = clock.GetUtcNow();
    private readonly long _started = clock.GetTimestamp();

    /// <summary>Runs the protocol, with the reference features too when they were asked for.</summary>
    internal Result<EvaluationReport, Refusal> Run() => request.Format == PaymentFormat.Handbook ? RunHandbook() : RunTimeSplit();

    private Result<EvaluationReport, Refusal> RunHandbook()
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
        var data = FileFacts.Of(request.Data, run.Payments);
        if (!request.WithReference)
            return HandbookSummary.Of(run, data, new BacktestEconomics(), Facts());
        var published = options with { Features = request.Format.Reference };
        if (!HandbookProtocol.Run(request.Data.FullName, published, clock, progress, cancellationToken).TryGet(out var reference, out refusal))
            return refusal;
        return HandbookSummary.Of(run, data, new BacktestEconomics(), Facts()) with { Reference = HandbookSummary.Metrics(reference.Report) };
    }

    private Result<EvaluationReport, Refusal> RunTimeSplit()
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
        var data = FileFacts.Of(request.Data, history);
        if (!request.WithReference)
            return TimeSplitSummary.Of(request.Format.Name, run, options, data, Facts());
        var plain = options with { Features = request.Format.Reference };
        if (!TimeSplitProtocol.Run(history, plain, clock, progress, cancellationToken).TryGet(out var reference, out refusal))
            return refusal;
        return TimeSplitSummary.Of(request.Format.Name, run, options, data, Facts()) with { Reference = reference.Metrics };
    }

    private RunFacts Facts() => new(_startedAt, clock.GetElapsedTime(_started).TotalSeconds, Machine.Describe(), request.Command);
}
