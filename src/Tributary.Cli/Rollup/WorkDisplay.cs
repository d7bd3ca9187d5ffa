using Spectre.Console;
using Spectre.Console.Rendering;
using Tributary.Cli.Reporting;

namespace Tributary.Cli.Rollup;

/// <summary>A bar with the stage, the share done and the time left, on standard error; nothing where that is no terminal.</summary>
internal sealed class WorkDisplay : IProgress<double>
{
    private readonly ProgressTask? _task;
    private readonly TimeLeftColumn? _left;
    private readonly TimeProvider _clock;
    private readonly long _begin;

    private WorkDisplay(ProgressTask? task, TimeLeftColumn? left, TimeProvider clock) => (_task, _left, _clock, _begin) = (task, left, clock, clock.GetTimestamp());

    /// <summary>Runs work under a bar.</summary>
    internal static Task<T> RunAsync<T>(ReportWriter writer, TimeProvider clock, string stage, Func<WorkDisplay, Task<T>> work)
    {
        if (Console.IsErrorRedirected || !writer.Progress.Profile.Capabilities.Interactive)
            return work(new WorkDisplay(null, null, clock));
        var left = new TimeLeftColumn();
        return writer.Progress.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), left)
            .StartAsync(context => work(new WorkDisplay(context.AddTask(stage, maxValue: 1), left, clock)));
    }

    /// <summary>What is being done.</summary>
    internal void Name(string stage)
    {
        if (_task is not null)
            _task.Description = Markup.Escape(stage);
    }

    /// <summary>The share of the whole that is done, from 0 to 1.</summary>
    public void Report(double value)
    {
        if (_task is null)
            return;
        _task.Value = value;
        _left!.Left = value is > 0.01 and < 1 ? _clock.GetElapsedTime(_begin) * ((1 - value) / value) : null;
    }

    private sealed class TimeLeftColumn : ProgressColumn
    {
        public TimeSpan? Left { get; set; }

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(Left is { } left ? $"{(int)left.TotalMinutes}:{left.Seconds:00} left" : "");
    }
}
