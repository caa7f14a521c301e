using EcoLabelRegistry.Http;

namespace EcoLabelRegistry.Pages;

/// <summary>What is wrong with a file, for whoever chose it: to him it is a file, and not the body of a request.</summary>
internal static class FileWords
{
    /// <summary>The same in the words of a page.</summary>
    public static Message Of(Message fault) => fault.Key switch
    {
        "fault.body-empty" => new Message("file.empty"),
        "fault.spreadsheet" => new Message("file.no-workbook"),
        _ => fault,
    };
}
