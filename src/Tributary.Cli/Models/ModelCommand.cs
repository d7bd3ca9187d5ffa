using System.CommandLine;
using Tributary.Cli.Fairness;

namespace Tributary.Cli.Models;

/// <summary><c>tributary model</c>: fraud models from data to verdicts.</summary>
internal static class ModelCommand
{
    internal static Command Create(TimeProvider clock) =>
        new("model", "Train, measure and explain fraud models.")
        {
            GenerateCommand.Create(),
            TrainCommand.Create(clock),
            EvaluateCommand.Create(clock),
            ExplainCommand.Create(clock),
            CardCommand.Create(),
            BacktestCommand.Create(clock),
            DriftCommand.Create(clock),
            FairnessCommand.Create(),
        };
}
