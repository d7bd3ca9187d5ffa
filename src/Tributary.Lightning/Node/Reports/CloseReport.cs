using Tributary.Lightning.Wire;

namespace Tributary.Lightning.Node.Reports;

/// <summary>A close that has begun.</summary>
/// <param name="Channel">Which.</param>
/// <param name="IsForced">Our commitment goes on chain.</param>
/// <param name="Text">What happens next.</param>
public sealed record CloseReport(ChannelId Channel, bool IsForced, string Text);
