using Spectre.Console;
using Spectre.Console.Rendering;
using Tributary.Cli.Reporting;
using Tributary.Intelligence.Protocols;

namespace Tributary.Cli.Models;

/// <summary>A bar with the stage, the share done and the time left, on standard error; nothing where that is no terminal.</summary>
internal static class ProgressDisplay
{
    /// <summary>Runs work under a bar.</summary>
    internal static T Run<T>(ReportWriter writer, Func<IProgress<ProtocolProgress>?, T> work)
    {
        if (Console.IsErrorRedirected || !writer.Progress.Profile.Capabilities.Interactive)
            return work(null);
        var left = new TimeLeftColumn();
        return writer.Progress.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), left)
            .Start(context =>
            {
                var task = context.AddTask("starting", maxValue: 1);
                return work(new Bar(task, left));
            });
    }

    private sealed class Bar(ProgressTask task, TimeLeftColumn left) : IProgress<ProtocolProgress>
    {
        public void Report(ProtocolProgress value)
        {
            task.Description = Markup.Escape(value.Stage);
            task.Value = value.Share;
            left.Left = value.Left;
        }
    }

    private sealed class TimeLeftColumn : ProgressColumn
    {
        public TimeSpan? Left { get; set; }

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(Left is { } left ? $"{(int)left.TotalMinutes}:{left.Seconds:00} left" : "");
    }
}
