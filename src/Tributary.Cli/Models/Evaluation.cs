using Tributary.Intelligence.Features.Definitions;
using Tributary.Intelligence.Protocols;
using Tributary.Intelligence.Protocols.Handbook;
using Tributary.Intelligence.Reports;
using Tributary.Primitives.Results;

namespace Tributary.Cli.Models;

/// <summary>Runs protocols by their names.</summary>
internal static class Evaluation
{
    internal static string[] Protocols => ["handbook"];

    /// <summary>The features that the engine scores with.</summary>
    internal static FeatureSet EngineFeatures(string protocol) => HandbookFeatures.Engine;

    /// <summary>The features that were published with the data or serve as their reference.</summary>
    internal static FeatureSet ReferenceFeatures(string protocol) => HandbookFeatures.Published;

    internal static Result<EvaluationReport, Refusal> Run(
        EvaluateRequest request, TimeProvider clock, IProgress<ProtocolProgress>? progress, CancellationToken cancellationToken)
    {
        var started = clock.GetUtcNow();
        var from = clock.GetTimestamp();
        return RunHandbook(request, clock, progress, cancellationToken).Then<EvaluationReport>(report => report with
        {
            Run = new RunFacts(started, clock.GetElapsedTime(from).TotalSeconds, Machine.Describe(), request.Command),
        });
    }

    private static Result<EvaluationReport, Refusal> RunHandbook(
        EvaluateRequest request, TimeProvider clock, IProgress<ProtocolProgress>? progress, CancellationToken cancellationToken)
    {
        var options = new HandbookOptions
        {
            Folds = request.Folds,
            TrainDays = request.TrainDays,
            TopCards = request.TopCards,
            Features = request.Features ?? HandbookFeatures.Engine,
            Replicates = request.Replicates,
            Seed = request.Seed,
        };
        if (!HandbookProtocol.Run(request.Data.FullName, options, clock, progress, cancellationToken).TryGet(out var run, out var refusal))
            return refusal;
        var report = HandbookSummary.Of(run, FileFacts.Of(request.Data, run.Payments), default!);
        if (!request.WithReference)
            return report;
        if (!HandbookProtocol.Run(request.Data.FullName, options with { Features = HandbookFeatures.Published }, clock, progress, cancellationToken).TryGet(out var reference, out refusal))
            return refusal;
        return report with { Reference = HandbookSummary.Metrics(reference.Report) };
    }
}
