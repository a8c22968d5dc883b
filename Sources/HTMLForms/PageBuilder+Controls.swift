import WatchCore

extension PageBuilder {
    /// Controls and what belongs to them; false for anything else.
    mutating func startControl(_ tag: StartTag) -> Bool {
        switch tag.name {
        case "input": startInput(tag)
        case "textarea":
            let text = rawText("textarea")
            _ = addControl(tag, text: text.hasPrefix("\n") ? String(text.dropFirst()) : text)
        case "button":
            if let index = open.last("button", in: .scope) { open.pop(through: index) }
            startHolder(tag)
        case "select":
            if let index = open.last("select", in: .scope) { open.pop(through: index) } else { startHolder(tag) }
        case "option": startOption(tag)
        case "optgroup": startGroup(tag)
        case "hr":
            closeParagraph()
            if isInSelect { impliedEndTags() }
        default: return false
        }
        return true
    }

    private var isInSelect: Bool { open.last("select", in: .scope) != nil }

    private mutating func startInput(_ tag: StartTag) {
        if let index = open.last("select", in: .scope) { open.pop(through: index) }
        _ = addControl(tag, isAtHomeInTable: isInTable && tag["type"]?.lowercased() == "hidden")
    }

    /// A control that holds elements.
    private mutating func startHolder(_ tag: StartTag) {
        var element = child(tag.name)
        element.control = addControl(tag)
        element.isGroupDisabled = false
        open.push(element)
    }

    private mutating func startOption(_ tag: StartTag) {
        if isInSelect {
            impliedEndTags(except: "optgroup")
        } else if open.current?.name == "option" {
            open.pop()
        }
        var element = child("option")
        element.control = open.last("select").flatMap { open.elements[$0].control }
        if let control = element.control {
            controls[control].control.options.append(
                FormControl.Option(
                    value: tag["value"], isSelected: tag.has("selected"),
                    isDisabled: tag.has("disabled") || element.isGroupDisabled))
        }
        open.push(element)
    }

    private mutating func startGroup(_ tag: StartTag) {
        if isInSelect {
            impliedEndTags()
        } else if open.current?.name == "option" {
            open.pop()
        }
        var element = child("optgroup")
        element.isGroupDisabled = element.isGroupDisabled || tag.has("disabled")
        open.push(element)
    }
}
