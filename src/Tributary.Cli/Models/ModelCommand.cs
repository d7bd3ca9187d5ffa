using System.CommandLine;
using Tributary.Cli.Fairness;

namespace Tributary.Cli.Models;

/// <summary><c>tributary model</c>: fraud models from data to verdicts.</summary>
internal static class ModelCommand
{
    internal static Command Create(TimeProvider clock) =>
        new("model", "Train, measure and explain fraud models.")
        {
            EvaluateCommand.Create(clock),
            FairnessCommand.Create(),
        };
}
