using Tributary.Server.Greenfield.Frame;

namespace Tributary.Server.Greenfield.Payouts;

/// <summary>
/// Payout processors send what was approved. Here the payment core does, at once and for every store, and nothing about it can be configured: there is
/// no processor to list.
/// </summary>
internal sealed class ProcessorHandlers
{
    public static Task<GreenfieldAnswer> NoneAsync(GreenfieldCall call) => Task.FromResult(call.Finish() ?? GreenfieldAnswer.List(Array.Empty<string>(), static (_, _) => { }));
}
