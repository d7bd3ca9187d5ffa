using Tributary.Payments.Intents;

namespace Tributary.Payments.Rails.Bitcoin;

/// <summary>An output that pays an attempt's address, as it was last found.</summary>
/// <param name="OutPoint">The money's name.</param>
/// <param name="Address">The attempt's name.</param>
/// <param name="Amount">In millisatoshis.</param>
/// <param name="Status">How it stands.</param>
/// <param name="Position">When that was found: grows with every change of any output.</param>
public sealed record AttemptOutput(string OutPoint, string Address, long Amount, ReceiptStatus Status, long Position);
