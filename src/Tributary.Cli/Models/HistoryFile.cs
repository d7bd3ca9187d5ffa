using Tributary.Intelligence.Protocols;
using Tributary.Intelligence.Protocols.Fraud;
using Tributary.Primitives.Results;

namespace Tributary.Cli.Models;

/// <summary>Opens files that commands name, and refuses what is not there by name.</summary>
internal static class HistoryFile
{
    private const long MostModelBytes = 256 << 20;

    /// <summary>Reads payments.</summary>
    internal static Result<IPaymentHistory, Refusal> Read(FileInfo file, PaymentFormat format, IProgress<ProtocolProgress>? progress, CancellationToken cancellationToken)
    {
        if (!file.Exists)
            return new Refusal("--data", Directory.Exists(file.FullName) ? $"{file.FullName} is a folder: name the file in it" : $"{file.FullName} does not exist");
        return format.Read(file.FullName, share => progress?.Report(new ProtocolProgress("reading", share, null)), cancellationToken);
    }

    /// <summary>Reads a model.</summary>
    internal static Result<FraudModel, Refusal> ReadModel(FileInfo file)
    {
        if (!file.Exists)
            return new Refusal("--model", $"{file.FullName} does not exist");
        if (file.Length > MostModelBytes)
            return new Refusal("--model", $"{file.FullName} is longer than {MostModelBytes} bytes");
        return FraudModel.Read(File.ReadAllBytes(file.FullName));
    }

    /// <summary>Reads a model and payments, and scores them.</summary>
    internal static Result<(FraudModel Model, ScoredHistory Scored), Refusal> Score(
        FileInfo modelFile, FileInfo data, TimeProvider clock, IProgress<ProtocolProgress>? progress, CancellationToken cancellationToken) =>
        ReadModel(modelFile).Then<(FraudModel, ScoredHistory)>(model =>
            Read(data, model.Format, progress, cancellationToken).Then(history =>
                ScoredHistory.Of(model, history, clock, progress, cancellationToken).Then<(FraudModel, ScoredHistory)>(scored => (model, scored))));
}
