namespace Tributary.Payments.Intents;

/// <summary>What a rail has to do about an attempt. Commands are kept with the change that made them and repeated until the rail has answered.</summary>
public abstract record RailCommand(string AttemptId)
{
    /// <summary>Take what is held.</summary>
    public sealed record Settle(string AttemptId, long Amount) : RailCommand(AttemptId);

    /// <summary>Give back what is held.</summary>
    public sealed record Release(string AttemptId) : RailCommand(AttemptId);

    /// <summary>Stop expecting money where the rail can.</summary>
    public sealed record Withdraw(string AttemptId) : RailCommand(AttemptId);
}
