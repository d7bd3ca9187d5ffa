using Tributary.Intelligence.Training;

namespace Tributary.Intelligence.Protocols;

/// <summary>Passes the progress of a training on as a share.</summary>
internal sealed class TrainingReporter(Action<double> report) : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value) => report(value.Done / (double)value.Total);
}
