#include "app/window/inspector.hpp"

#include <QTextBrowser>
#include <QVBoxLayout>

#include "app/window/facts.hpp"
#include "widgets/theme.hpp"

namespace ember {

namespace {

QList<Fact> factsOf(const Workspace& workspace, DocumentRef document) {
    switch (document.kind) {
    case DocumentKind::dataset:
        if (const auto* dataset = workspace.dataset(document.id)) {
            return factsOf(*dataset);
        }
        break;
    case DocumentKind::model:
        if (const auto* model = workspace.model(document.id)) {
            return factsOf(*model);
        }
        break;
    case DocumentKind::prediction:
        if (const auto* prediction = workspace.prediction(document.id)) {
            return factsOf(*prediction);
        }
        break;
    case DocumentKind::none:
        break;
    }
    return {};
}

/// Long words, such as paths, may break behind a slash, an underscore or a comma.
QString breakable(const QString& text) {
    QString broken = text.toHtmlEscaped();
    for (const char* sign : {"/", "_"}) {
        broken.replace(sign, sign + QString(QChar(0x200b)));
    }
    return broken;
}

QString htmlOf(const QList<Fact>& facts) {
    const QString muted = themeColors().muted.name();
    QString html = "<table cellspacing='0' cellpadding='3' width='100%'>";
    for (const Fact& fact : facts) {
        html += fact.value.isEmpty()
                    ? QString("<tr><td colspan='2' style='padding-top:10px'><b>%1</b></td></tr>")
                          .arg(fact.label.toHtmlEscaped())
                    : QString("<tr><td style='color:%1' width='38%'>%2</td><td>%3</td></tr>")
                          .arg(muted, fact.label.toHtmlEscaped(), breakable(fact.value));
    }
    return html + "</table>";
}

} // namespace

Inspector::Inspector(Workspace& workspace, QWidget* parent) : QWidget(parent), workspace_(workspace) {
    text_ = new QTextBrowser;
    text_->setObjectName("inspectorText");
    text_->setAccessibleName(tr("Facts about the current document"));
    text_->setFrameShape(QFrame::NoFrame);
    text_->setStyleSheet("QTextBrowser { border: none; border-radius: 0; padding: 2px; }");
    text_->setPlaceholderText(tr("Nothing is selected."));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(text_);
    connect(&workspace_, &Workspace::currentChanged, this, &Inspector::showCurrent);
    connect(&ThemeNotifier::instance(), &ThemeNotifier::changed, this, &Inspector::showCurrent);
    showCurrent();
}

void Inspector::showCurrent() {
    const QList<Fact> facts = factsOf(workspace_, workspace_.current());
    if (facts.isEmpty()) {
        text_->clear();
    } else {
        text_->setHtml(htmlOf(facts));
    }
}

} // namespace ember
