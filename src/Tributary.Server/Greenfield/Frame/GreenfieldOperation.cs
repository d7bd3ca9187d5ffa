namespace Tributary.Server.Greenfield.Frame;

/// <summary>Carries a route out.</summary>
/// <param name="Run">The handler, which comes from the services.</param>
internal sealed record GreenfieldOperation(Func<IServiceProvider, GreenfieldCall, CancellationToken, Task<GreenfieldAnswer>> Run);
