using System.Runtime.ExceptionServices;

namespace Tributary.Lightning.Simulation.Tests.Machines;

/// <summary>
/// One life of a node: everything asynchronous in it goes on here, one step after the other, when the world says so. Killed, it never takes
/// another step. Whatever comes back from another thread would make a run that cannot be repeated, and is an error.
/// </summary>
internal sealed class SimulatedProcess : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _steps = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private volatile string? _stray;

    internal bool IsDead { get; private set; }

    internal bool HasSteps => _steps.Count > 0;

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (IsDead)
            return;
        if (Environment.CurrentManagedThreadId == _thread)
            _steps.Enqueue((d, state));
        else
            _stray ??= Environment.StackTrace;
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Nothing waits in a simulation.");

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Queues a step.</summary>
    internal void Post(Action step) => Post(static state => ((Action)state!)(), step);

    /// <summary>Does something within the process now.</summary>
    internal void Run(Action step)
    {
        if (IsDead)
            return;
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            step();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    /// <summary>Where a step came from another thread, or null.</summary>
    internal string? Stray => _stray;

    /// <summary>The same with a result.</summary>
    internal T Run<T>(Func<T> step)
    {
        var result = default(T);
        Run(() =>
        {
            result = step();
        });
        return result!;
    }

    /// <summary>Takes the next step.</summary>
    internal void Step()
    {
        var (callback, state) = _steps.Dequeue();
        Run(() => callback(state));
    }

    internal void Kill()
    {
        IsDead = true;
        _steps.Clear();
    }

    /// <summary>Throws what a task that has ended threw.</summary>
    internal static void Rethrow(Task task)
    {
        if (task.Exception is { } failure)
            ExceptionDispatchInfo.Throw(failure.InnerException ?? failure);
    }
}
