namespace Tributary.Server.Modes;

/// <summary>Which half a service is of.</summary>
/// <param name="IsLive">The live half.</param>
/// <param name="HasLive">The server has a live half: a member may look at it, and a wallet finds it.</param>
internal sealed record HalfMode(bool IsLive, bool HasLive);
