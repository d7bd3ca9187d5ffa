namespace Tributary.Lightning.Routing;

/// <summary>Which limits a search met.</summary>
[Flags]
internal enum SearchOutcome
{
    None = 0,
    FeeExceeded = 1,
    DelayExceeded = 2,
    HopsExceeded = 4,
}
