namespace Tributary.Storage.Files;

/// <summary>
/// Which file this is, whatever its name: copying it, unpacking it from an archive or moving it to another file system makes another one, a
/// rename in its file system does not. The number of the device is no part of it, since devices are numbered anew at each boot; an inode's number
/// is used again once its file is gone, but not with the same time of birth, which nobody can set.
/// </summary>
/// <param name="Inode">Its number in the file system.</param>
/// <param name="BornAt">When it was created, in nanoseconds since 1970.</param>
/// <param name="ModifiedAt">When it was last written, in nanoseconds since 1970: for a file that nobody writes, copying another over it shows here.</param>
public readonly record struct FilePlace(ulong Inode, long BornAt, long ModifiedAt);
