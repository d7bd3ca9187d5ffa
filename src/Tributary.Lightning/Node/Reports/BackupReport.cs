namespace Tributary.Lightning.Node.Reports;

/// <summary>A static backup that the node keeps up to date.</summary>
/// <param name="File">Where it is.</param>
/// <param name="ChannelCount">Channels in it; null until it was written for the first time since the start.</param>
/// <param name="WrittenAt">When; null until then.</param>
/// <param name="Problem">Why it could not be written the last time; null where it could.</param>
public sealed record BackupReport(string File, int? ChannelCount, DateTimeOffset? WrittenAt, string? Problem);
