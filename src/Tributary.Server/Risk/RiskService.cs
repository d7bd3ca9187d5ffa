using Tributary.Crypto;
using Tributary.Payments.Risk;

namespace Tributary.Server.Risk;

/// <summary>The risk engine in the server: opened before the first request is taken, closed after the last.</summary>
internal sealed class RiskService(ServerOptions options, TimeProvider time, ILogger<RiskService> logger) : IRiskGate, IHostedService, IAsyncDisposable
{
    private RiskEngine? _engine;

    /// <summary>The engine; there once the server has started.</summary>
    public RiskEngine Engine => _engine ?? throw new InvalidOperationException("The risk engine is opened when the server starts.");

    /// <inheritdoc/>
    public ValueTask<RiskAssessment> AssessAsync(RiskQuestion question, CancellationToken cancellationToken) => Engine.AssessAsync(question, cancellationToken);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var opened = await RiskStart.OpenAsync(options.DataFolder, SystemEntropy.Instance, time, logger, cancellationToken);
        _engine = opened.TryGet(out var engine, out var refusal) ? engine : throw new InvalidOperationException($"The risk engine does not open. {refusal}");
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // With the container, which is after the last request and the last label.
    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _engine, null)?.DisposeAsync() ?? ValueTask.CompletedTask;
}
