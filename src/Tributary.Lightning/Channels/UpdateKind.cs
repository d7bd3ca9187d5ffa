namespace Tributary.Lightning.Channels;

/// <summary>What an update does.</summary>
internal enum UpdateKind : byte
{
    Add = 1,
    Remove = 2,
    Fee = 3,
}
