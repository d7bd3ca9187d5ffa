namespace Tributary.Server.Greenfield.Frame;

/// <summary>What is wrong with one value of a request.</summary>
/// <param name="Path">Its members' names, joined by dots ("checkout.expirationMinutes").</param>
/// <param name="Message">For a person.</param>
internal sealed record GreenfieldProblem(string Path, string Message);
