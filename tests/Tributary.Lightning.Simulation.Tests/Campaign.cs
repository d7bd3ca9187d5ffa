using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Tributary.Lightning.Simulation.Tests;

/// <summary>Many seeds, one after the other on each of some threads. A world and all that is in it stay on one thread.</summary>
internal sealed class Campaign(ulong first, ulong seeds, bool isHarsh, int failuresMax)
{
    private static readonly TimeSpan s_tellAfter = TimeSpan.FromSeconds(30);

    private readonly SortedDictionary<string, int> _tally = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<(ulong Seed, Exception Exception)> _failures = [];
    private readonly Lock _sync = new();
    private readonly Stopwatch _watch = new();
    private long _taken = -1;
    private ulong _done;
    private TimeSpan _told;

    /// <summary>How often what happened.</summary>
    internal IReadOnlyDictionary<string, int> Tally => _tally;

    /// <summary>Seeds that were played to their end.</summary>
    internal ulong Done => _done;

    /// <summary>For each seed that failed the command that plays it again, and why.</summary>
    internal IReadOnlyList<string> Failures => [.. _failures.OrderBy(static failure => failure.Seed).Select(failure => $"{CommandFor(failure.Seed)}\n{failure.Exception}")];

    /// <summary>Plays them all, or until so many have failed.</summary>
    internal void Run(int workers, CancellationToken cancellationToken)
    {
        _watch.Start();
        if (workers <= 1)
        {
            Work(cancellationToken);
            return;
        }

        Thread[] threads = [.. Enumerable.Range(0, workers).Select(_ => new Thread(() => Work(cancellationToken)))];
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
    }

    private void Work(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested && _failures.Count < failuresMax && (ulong)Interlocked.Increment(ref _taken) is var index && index < seeds)
        {
            var world = new World(first + index, traces: false, isHarsh);
            try
            {
                world.Play();
            }
            catch (Exception exception)
            {
                _failures.Add((first + index, exception));
                Say($"seed {world.Seed} fails: {exception.Message.Split('\n')[0]}");
            }

            Note(world);
        }
    }

    private void Note(World world)
    {
        lock (_sync)
        {
            _done++;
            foreach (var (what, times) in world.Tally)
                _tally[what] = _tally.GetValueOrDefault(what) + times;
            if (_watch.Elapsed - _told < s_tellAfter)
                return;
            _told = _watch.Elapsed;
            var left = _watch.Elapsed * ((double)(seeds - _done) / _done);
            Say(string.Create(CultureInfo.InvariantCulture, $"{_done} of {seeds} seeds, {_failures.Count} failed, {left.TotalHours:0}{left:\\:mm\\:ss} left"));
        }
    }

    private string CommandFor(ulong seed) =>
        $"{(isHarsh ? "TRIBUTARY_SIMULATION_HARSH=1 " : "")}TRIBUTARY_SIMULATION_SEED={seed.ToString(CultureInfo.InvariantCulture)} dotnet run --project tests/Tributary.Lightning.Simulation.Tests -- --filter-method '*every_satoshi*'";

    // Past the test runner, which keeps what a test writes until it ends.
    private static void Say(string text)
    {
        using var stream = Console.OpenStandardError();
        using var writer = new StreamWriter(stream);
        writer.WriteLine(text);
    }
}
