namespace Tributary.Server.Dashboard;

/// <summary>Something that a member did.</summary>
/// <param name="Id">Its name.</param>
/// <param name="At">When.</param>
/// <param name="Actor">The member.</param>
/// <param name="Action">What, in plain words ("Stopped outgoing money").</param>
/// <param name="Subject">To what: an object's name, or empty.</param>
/// <param name="Detail">More, or empty. Never a secret.</param>
public sealed record Activity(string Id, DateTimeOffset At, string Actor, string Action, string Subject, string Detail);
