using Tributary.Payments.Intents;

namespace Tributary.Payments.Storage;

/// <summary>A command that waits for its rail.</summary>
public sealed record StoredRailCommand(string Id, string IntentId, RailCommand Command, long Tries);
