using Tributary.Intelligence.Ranking.Outages;

namespace Tributary.Intelligence.Ranking;

/// <summary>Whether a rail is believed to work, for everyone.</summary>
/// <param name="Rail">The rail.</param>
/// <param name="Availability">The belief after the last choice or outcome that concerned it.</param>
public sealed record RailHealth(string Rail, Availability Availability);
