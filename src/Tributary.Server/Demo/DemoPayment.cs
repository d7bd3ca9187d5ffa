using Tributary.Primitives.Amounts;

namespace Tributary.Server.Demo;

/// <summary>A payment of the demo wallet.</summary>
/// <param name="Reference">Payment hash or transaction id.</param>
/// <param name="Amount">What reaches the payee.</param>
/// <param name="Fee">What it cost on top; zero where that is not known.</param>
/// <param name="IsDone">The payee has taken it; otherwise it is held, or not in a block yet.</param>
internal sealed record DemoPayment(string Reference, MilliSatoshis Amount, MilliSatoshis Fee, bool IsDone);
