using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Snapshot;
using FluentValidation;
using MediatR;

namespace EcoLabelRegistry.Categories;

/// <summary>Writes a category.</summary>
public static class PutCategory
{
    /// <param name="Entry">All of it.</param>
    /// <param name="Actor">Who writes.</param>
    public sealed record Request(CategoryEntry Entry, Actor Actor) : IRequest<Written>;

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator() => RuleFor(r => r.Entry).SetValidator(new Entry()).OverridePropertyName("");

        private sealed class Entry : SourcedRules<CategoryEntry>
        {
            public Entry()
            {
                RuleFor(e => e.Code).Required().IsCategoryCode();
                RuleFor(e => e.Parent).IsCategoryCode();
                RuleFor(e => e.Names).Required().IsTextByLanguage();
                RuleFor(e => e.Codes!.Cpv).IsListOfDistinct().When(e => e.Codes is not null);
                RuleForEach(e => e.Codes!.Cpv).Required().Matches("^[0-9]{8}(-[0-9])?$").OverridePropertyName("codes.cpv").When(e => e.Codes is not null);
                RuleFor(e => e.Codes!.Unspsc).IsListOfDistinct().When(e => e.Codes is not null);
                RuleForEach(e => e.Codes!.Unspsc).Required().Matches("^[0-9]{8}$").OverridePropertyName("codes.unspsc").When(e => e.Codes is not null);
            }
        }
    }

    internal sealed class Handler(ChangeLog log) : IRequestHandler<Request, Written>
    {
        public Task<Written> Handle(Request request, CancellationToken cancel) => log.PutAsync(
            RecordKind.Category, request.Entry.Code!, request.Entry, request.Actor, r => r.Categories, (r, _) => Check(r, request.Entry), cancel);

        private static void Check(RegistryAt registry, CategoryEntry entry)
        {
            Consistency.RefuseCycle("parent", entry.Code!, entry.Parent, c => registry.Categories.GetValueOrDefault(c)?.Entry.Parent);
            registry.Categories.Require(Thing.Category, "parent", entry.Parent);
        }
    }
}
