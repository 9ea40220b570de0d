// Texts of the page in three languages. data-i18n names the text of an element.
const WORDS = {
  en: {
    skip: "Skip to content", comma: ", ", tabs: "Sections", speak: "Speak", voices: "Voices", models: "Models",
    pageLanguage: "Language of this page", text: "Text", textHint: "Type something to say…", examples: "Example sentences",
    voice: "Voice", emotion: "Emotion", speed: "Speed", generate: "Speak", stopIt: "Stop", automatic: "Automatic", automaticHint: "Follows the text",
    position: "Playback position", scopeEmpty: "Type something or play an example. The audio appears here, ready to save and share.",
    firstAudio: "First audio", size: "Length", download: "Download WAV", history: "History", play: "Play", stop: "Stop",
    rtfHelp: "Real-time factor {0}: computing time divided by audio length",
    neutral: "Neutral", happy: "Happy", sad: "Sad", angry: "Angry",
    by_prosody: "This voice shows emotion by pitch, pace and loudness.", by_recordings: "This voice has recordings of its emotions.",
    by_instruction: "This model is given the emotion as an instruction.",
    newVoice: "Add your own voice", newVoiceHint: "Record 3 to 10 seconds of one person in a quiet room. Only clone a voice with its owner's consent. If no language is ticked, the voice is available in all.",
    record: "Record", recordStop: "Stop recording", upload: "Choose a file…", name: "Name", transcript: "Transcript (optional)",
    transcriptHint: "Exact words; improves the voice", languages: "Languages", recordingEmotion: "Emotion of the recording", makeVoice: "Add voice",
    allVoices: "All voices", instruct: "How to speak (an instruction, or a dialect)", instructHint: "请用四川话表达。", can_clone: "Clones voices, converts recordings", can_instruct: "Follows instructions", can_sounds: "Makes sounds such as [laughter]", can_phones: "Says words by phones", female: "Woman", male: "Man", convertTitle: "Convert a recording", convertHint: "The same words in another voice: up to ten minutes of one speaker. Rhythm and intonation are kept.", convertIt: "Convert", converting: "Converting…", try: "Use", listen: "Original recording", delete: "Delete", deleteSure: "Delete the voice “{0}” with its recording?",
    own: "yours", cancel: "Cancel", ok: "OK", tokenWanted: "This server requires a token.", unreachable: "The server cannot be reached.",
    noMicrophone: "The microphone cannot be used: {0}", insecure: "Browsers allow the microphone only over HTTPS or on localhost; choose a file instead.",
    recorded: "{0} s recorded", badFile: "This file cannot be played.", making: "Analysing the recording…", made: "“{0}” is ready. To see it in Home Assistant, reload the entry: Settings → Devices & services → Wyoming Protocol → ⋮ → Reload.",
    modelsHint: "Installed models and models that can be downloaded.", noModels: "This server cannot download models.",
    downloadIt: "Download", installed: "installed", "in-use": "in use", available: "available", downloading: "downloading", failed: "failed",
    useIt: "Use", damaged: "damaged", about: "about {0}", voiceCount: "{0} voices",
    kind_sft: "built-in voices", "kind_zero-shot": "clones voices from recordings", kind_instruct: "follows instructions on how to speak",
    licence: "Licence", ready: "ready", loading: "loading the model", lost: "stopped", waiting: "waiting", listening: "analysing", unusable: "not usable with this model",
    spoken: "Done: {0} seconds of audio.", zh: "Chinese", en: "English", ja: "Japanese", yue: "Cantonese", ko: "Korean", de: "German", es: "Spanish", fr: "French", it: "Italian", ru: "Russian", characters: "{0} characters",
    words: "Words", tryIt: "Try it", shortcut: "Ctrl or ⌘ + Enter speaks", forget: "Clear", pause: "Pause", pace: "Computed",
    faster: "{0}× faster than speech", slower: "{0}× slower than speech", asMp3: "MP3", asOpus: "Opus", copyCurl: "Copy as curl",
    copyAction: "Copy as Home Assistant action", copied: "Copied.", notCopied: "This browser does not allow copying.", api: "HTTP API (OpenAPI)",
    preview: "Preview",
    reloadHint: "The model has changed. To see its voices in Home Assistant, reload the entry: Settings → Devices & services → Wyoming Protocol → ⋮ → Reload.",
    nameWanted: "Give the voice a name.",
    cloneNeeds: "Cloning a voice from a few seconds of a recording needs the model CosyVoice-300M: about 2.3 GB to download, 970 MB on disk.",
    getCloning: "Get CosyVoice-300M", keepsNoVoices: "This server does not support your own voices.", seeModels: "See models",
    needsLarger: "{0} needs a larger model, such as CosyVoice-300M-SFT.", nothingToSay: "There is nothing to say in this text. Type words or numbers.",
    skippedParts: "Skipped, because this model cannot read it: {0}",
    recommended: "recommended", again: "Try again", failedBecause: "Failed:", ofBytes: "{0} of {1}", minutesLeft: "about {0} min left",
    underMinute: "less than a minute left", memory: "about {0} MB of memory", memoryHere: "{0} MB of memory in use",
    paceHere: "Measured here: {0}", paceExpected: "Expected here: {0} (an estimate)", hub: "Download from", hubAutomatic: "Automatic", hubModelScope: "ModelScope", for_starter: "Ready immediately, on any machine",
    "for_cosyvoice-300m-sft": "For natural speech, especially in Chinese", "for_cosyvoice-300m": "To clone voices from a recording",
    "for_cosyvoice-300m-instruct": "For speech in a style or emotion that you describe", "for_cosyvoice2-0.5b": "For better cloning, and voices that follow instructions; needs a fast machine",
    "for_fun-cosyvoice3-0.5b": "The newest, largest and slowest of the family", pace_starter: "Several times faster than speech on one core",
    "pace_cosyvoice-300m-sft": "About as long as the speech takes, on two server cores",
    "pace_cosyvoice-300m": "About as long as the speech takes, on two server cores",
    "pace_cosyvoice-300m-instruct": "About as long as the speech takes, on two server cores", lexiconTitle: "Pronunciation", settingsUnused: "Some settings are not used. Correct them where the server is started:",
    lexiconHint: "One word per line, a colon, and its pronunciation. For Chinese, use Pinyin with tone numbers; with CosyVoice3, English words can be given in ARPAbet (tomato: arpabet T AH0 M AA1 T OW2). Lines starting with # are comments.",
    lexiconLines: "Words", lexiconExample: "Try a word or a sentence", save: "Save",
    lexiconSaved: "Saved. Words in use: {0}. The next sentence uses them.", lexiconSpoken: "Read as: {0}", lexiconLine: "Line {0}: {1}",
    "error_language-not-spoken": "The model in use does not read the language of this text.",
    "error_model-unsupported": "The model in use cannot do this.",
  },
  "zh-Hans": {
    skip: "跳到内容", comma: "、", tabs: "页面导航", speak: "朗读", voices: "音色", models: "模型",
    pageLanguage: "页面语言", text: "文本", textHint: "输入要说的话……", examples: "示例句子",
    voice: "音色", emotion: "情感", speed: "语速", generate: "开始朗读", stopIt: "停止", automatic: "自动", automaticHint: "随文本语言",
    position: "播放位置", scopeEmpty: "输入文字，或者先听一个例子。音频会显示在这里，可以保存和分享。",
    firstAudio: "首段延迟", size: "时长", download: "下载 WAV", history: "历史记录", play: "播放", stop: "停止",
    rtfHelp: "实时率 {0}：计算时间除以音频时长",
    neutral: "平静", happy: "高兴", sad: "悲伤", angry: "生气",
    by_prosody: "此音色通过音高、语速和响度表达情感。", by_recordings: "此音色带有不同情感的录音。", by_instruction: "此模型根据文字指令表达情感。",
    newVoice: "添加自己的音色", newVoiceHint: "在安静的环境里录制一个人 3 到 10 秒的语音。克隆他人的声音须经本人同意。不勾选语言则适用于所有语言。",
    record: "录音", recordStop: "停止录音", upload: "选择文件……", name: "名称", transcript: "录音文本（可选）",
    transcriptHint: "请逐字填写，可以改善音色", languages: "语言", recordingEmotion: "录音的情感", makeVoice: "添加音色",
    allVoices: "所有音色", instruct: "朗读方式（文字指令或方言）", instructHint: "请用四川话表达。", can_clone: "可克隆音色、转换录音", can_instruct: "支持文字指令", can_sounds: "支持 [laughter] 等声音标记", can_phones: "支持音素标注读音", female: "女声", male: "男声", convertTitle: "录音变声", convertHint: "把录音换成另一个音色：单人录音，最长十分钟。节奏和语调不变。", convertIt: "转换", converting: "正在转换……", try: "使用", listen: "原始录音", delete: "删除", deleteSure: "删除音色“{0}”和它的录音吗？",
    own: "自定义", cancel: "取消", ok: "确定", tokenWanted: "服务器需要令牌。", unreachable: "无法连接服务器。",
    noMicrophone: "无法使用麦克风：{0}", insecure: "浏览器只在 HTTPS 或本机上允许使用麦克风，请选择文件。",
    recorded: "已录制 {0} 秒", badFile: "无法播放这个文件。", making: "正在分析录音……", made: "音色“{0}”已可使用。要在 Home Assistant 里看到它，请重新加载：设置 → 设备与服务 → Wyoming Protocol → ⋮ → 重新加载。",
    modelsHint: "已安装的模型，以及可以下载的模型。", noModels: "此服务器不支持下载模型。",
    downloadIt: "下载", installed: "已安装", "in-use": "使用中", available: "可下载", downloading: "下载中", failed: "失败",
    useIt: "使用", damaged: "已损坏", about: "约 {0}", voiceCount: "{0} 个音色",
    kind_sft: "内置音色", "kind_zero-shot": "用录音克隆音色", kind_instruct: "按指令朗读",
    licence: "许可证", ready: "就绪", loading: "正在加载模型", lost: "已停止", waiting: "等待中", listening: "正在分析", unusable: "当前模型不支持",
    spoken: "合成完成，时长 {0} 秒。", zh: "中文", en: "英语", ja: "日语", yue: "粤语", ko: "韩语", de: "德语", es: "西班牙语", fr: "法语", it: "意大利语", ru: "俄语", characters: "{0} 个字符",
    words: "发音", tryIt: "试听例句", shortcut: "按 Ctrl 或 ⌘ + Enter 朗读", forget: "清空", pause: "暂停", pace: "合成速度", faster: "{0} 倍实时速度",
    slower: "耗时为语音时长的 {0} 倍", asMp3: "MP3", asOpus: "Opus", copyCurl: "复制为 curl 命令", copyAction: "复制为 Home Assistant 动作", copied: "已复制。",
    notCopied: "浏览器不允许复制。", api: "HTTP 接口（OpenAPI）", preview: "试听",
    reloadHint: "模型已切换。要在 Home Assistant 里看到它的音色，请重新加载：设置 → 设备与服务 → Wyoming Protocol → ⋮ → 重新加载。", nameWanted: "请给音色起个名字。",
    cloneNeeds: "用几秒录音克隆音色需要 CosyVoice-300M 模型：下载约 2.3 GB，占用磁盘 970 MB。", getCloning: "获取 CosyVoice-300M", keepsNoVoices: "此服务器不支持自定义音色。",
    seeModels: "查看模型", needsLarger: "{0}需要更大的模型，例如 CosyVoice-300M-SFT。", nothingToSay: "这段文字里没有可以朗读的内容，请输入文字或数字。", skippedParts: "此模型无法朗读，已跳过：{0}", recommended: "推荐", again: "重试",
    failedBecause: "失败原因：", ofBytes: "{0} / {1}", minutesLeft: "大约还需 {0} 分钟", underMinute: "还需不到一分钟", memory: "内存约 {0} MB", memoryHere: "目前占用内存 {0} MB",
    paceHere: "本机实测：{0}", paceExpected: "本机预计：{0}（估算）", hub: "下载来源", hubAutomatic: "自动", hubModelScope: "ModelScope（魔搭）", for_starter: "立即可用，任何设备都能运行",
    "for_cosyvoice-300m-sft": "朗读自然，中文尤其好", "for_cosyvoice-300m": "用录音克隆音色", "for_cosyvoice-300m-instruct": "按你描述的风格或情绪朗读", "for_cosyvoice2-0.5b": "克隆效果更好，支持文字指令；需要较快的设备", "for_fun-cosyvoice3-0.5b": "该系列中最新、最大、也最慢",
    pace_starter: "单核即可达到数倍实时速度",
    "pace_cosyvoice-300m-sft": "在两个服务器核心上，耗时与语音时长相近", "pace_cosyvoice-300m": "在两个服务器核心上，耗时与语音时长相近",
    "pace_cosyvoice-300m-instruct": "在两个服务器核心上，耗时与语音时长相近", lexiconTitle: "词语发音", settingsUnused: "部分设置未生效，请在服务器的启动配置中改正：", lexiconHint: "每行一个词，冒号后写读音。中文读音使用带声调数字的拼音；CosyVoice3 还支持用 ARPAbet 标注英语单词（tomato: arpabet T AH0 M AA1 T OW2）。以 # 开头的行是注释。",
    lexiconLines: "词语", lexiconExample: "试读一个词或一句话", save: "保存", lexiconSaved: "已保存，共 {0} 个词，从下一句起生效。", lexiconSpoken: "读作：{0}",
    lexiconLine: "第 {0} 行：{1}", "error_language-not-spoken": "当前模型不支持这段文字的语言。", "error_model-unsupported": "当前模型不支持这项功能。",
    "error_text-too-long": "文字太长，请分成几段。", "error_voice-not-found": "找不到这个音色。", "error_bad-recording": "这段录音无法使用。请录制一个人 3 到 10 秒的清晰语音。",
    "error_unknown-model": "找不到这个模型。", error_conflict: "现在不能进行这项操作，请稍后再试。", error_busy: "服务器正忙，请稍后再试。", "error_synthesis-failed": "合成失败。",
    "error_synthesis-timeout": "合成超时。", "error_engine-lost": "合成引擎已停止，请重启服务器。", "error_body-too-large": "内容太大。", "error_request-timeout": "上传超时。",
    "error_bad-parameter": "填写的内容有误，请检查。", "error_internal-error": "服务器出错。",
  },
  "zh-Hant": {
    skip: "跳到內容", comma: "、", tabs: "頁面導覽", speak: "朗讀", voices: "聲音", models: "模型",
    pageLanguage: "頁面語言", text: "文字", textHint: "輸入要說的話……", examples: "範例句子",
    voice: "聲音", emotion: "情感", speed: "語速", generate: "開始朗讀", stopIt: "停止", automatic: "自動", automaticHint: "依文字語言",
    position: "播放位置", scopeEmpty: "輸入文字，或先聽一個例子。聲音會顯示在這裡，可以儲存和分享。",
    firstAudio: "首段延遲", size: "長度", download: "下載 WAV", history: "歷史紀錄", play: "播放", stop: "停止",
    rtfHelp: "即時率 {0}：計算時間除以聲音長度",
    neutral: "平靜", happy: "高興", sad: "悲傷", angry: "生氣",
    by_prosody: "這個聲音用音高、語速和響度表達情感。", by_recordings: "這個聲音有各種情感的錄音。", by_instruction: "這個模型按文字指令表達情感。",
    newVoice: "新增自己的聲音", newVoiceHint: "在安靜的房間裡錄一個人說 3 到 10 秒。請只複製本人同意的聲音。不勾選語言時，所有語言都可使用。",
    record: "錄音", recordStop: "停止錄音", upload: "選擇檔案……", name: "名稱", transcript: "錄音裡說了什麼（可不填）",
    transcriptHint: "逐字寫下，聲音會更好", languages: "語言", recordingEmotion: "錄音的情感", makeVoice: "新增聲音",
    allVoices: "所有聲音", instruct: "朗讀方式（文字指令或方言）", instructHint: "请用四川话表达。", can_clone: "可複製聲音、轉換錄音", can_instruct: "支援文字指令", can_sounds: "支援 [laughter] 等聲音標記", can_phones: "支援音素標注讀音", female: "女聲", male: "男聲", convertTitle: "錄音變聲", convertHint: "把錄音換成另一個聲音：單人錄音，最長十分鐘。節奏和語調不變。", convertIt: "轉換", converting: "正在轉換……", try: "使用", listen: "原始錄音", delete: "刪除", deleteSure: "要刪除聲音「{0}」和它的錄音嗎？",
    own: "自訂", cancel: "取消", ok: "確定", tokenWanted: "伺服器需要權杖。", unreachable: "無法連線到伺服器。",
    noMicrophone: "無法使用麥克風：{0}", insecure: "瀏覽器只在 HTTPS 或本機上允許使用麥克風，請選擇檔案。",
    recorded: "已錄 {0} 秒", badFile: "無法播放這個檔案。", making: "正在分析錄音……", made: "聲音「{0}」已可使用。要在 Home Assistant 裡看到它，請重新載入：設定 → 裝置與服務 → Wyoming Protocol → ⋮ → 重新載入。",
    modelsHint: "已安裝的模型，以及可以下載的模型。", noModels: "此伺服器不支援下載模型。",
    downloadIt: "下載", installed: "已安裝", "in-use": "使用中", available: "可下載", downloading: "下載中", failed: "失敗",
    useIt: "使用", damaged: "已損壞", about: "約 {0}", voiceCount: "{0} 個聲音",
    kind_sft: "內建聲音", "kind_zero-shot": "用錄音複製聲音", kind_instruct: "依指令朗讀",
    licence: "授權", ready: "就緒", loading: "正在載入模型", lost: "已停止", waiting: "等待中", listening: "正在分析", unusable: "目前的模型不支援",
    spoken: "合成完成，長度 {0} 秒。", zh: "中文", en: "英語", ja: "日語", yue: "粵語", ko: "韓語", de: "德語", es: "西班牙語", fr: "法語", it: "義大利語", ru: "俄語", characters: "{0} 個字元",
    words: "發音", tryIt: "試聽例句", shortcut: "按 Ctrl 或 ⌘ + Enter 朗讀", forget: "清空", pause: "暫停", pace: "合成速度", faster: "{0} 倍即時速度",
    slower: "耗時是語音的 {0} 倍", asMp3: "MP3", asOpus: "Opus", copyCurl: "複製為 curl 指令", copyAction: "複製為 Home Assistant 動作", copied: "已複製。",
    notCopied: "瀏覽器不允許複製。", api: "HTTP 介面（OpenAPI）", preview: "試聽",
    reloadHint: "模型已切換。要在 Home Assistant 裡看到它的聲音，請重新載入：設定 → 裝置與服務 → Wyoming Protocol → ⋮ → 重新載入。", nameWanted: "請為聲音命名。",
    cloneNeeds: "用幾秒錄音複製聲音需要 CosyVoice-300M 模型：下載約 2.3 GB，占用磁碟 970 MB。", getCloning: "取得 CosyVoice-300M", keepsNoVoices: "此伺服器不支援自訂聲音。",
    seeModels: "查看模型", needsLarger: "{0}需要更大的模型，例如 CosyVoice-300M-SFT。", nothingToSay: "這段文字裡沒有可以朗讀的內容，請輸入文字或數字。", skippedParts: "此模型無法朗讀，已略過：{0}", recommended: "推薦", again: "重試",
    failedBecause: "失敗原因：", ofBytes: "{0} / {1}", minutesLeft: "大約還需 {0} 分鐘", underMinute: "還需不到一分鐘", memory: "記憶體約 {0} MB", memoryHere: "目前占用記憶體 {0} MB",
    paceHere: "本機實測：{0}", paceExpected: "本機預計：{0}（估算）", hub: "下載來源", hubAutomatic: "自動", hubModelScope: "ModelScope（魔搭）",
    for_starter: "立即可用，任何裝置都能執行", "for_cosyvoice-300m-sft": "朗讀自然，中文尤其好", "for_cosyvoice-300m": "用錄音複製聲音", "for_cosyvoice-300m-instruct": "依你描述的風格或情緒朗讀",
    "for_cosyvoice2-0.5b": "複製效果更好，支援文字指令；需要較快的裝置", "for_fun-cosyvoice3-0.5b": "該系列中最新、最大、也最慢",
    pace_starter: "單核即比說話快數倍", "pace_cosyvoice-300m-sft": "在兩個伺服器核心上，耗時與語音長度相近", "pace_cosyvoice-300m": "在兩個伺服器核心上，耗時與語音長度相近",
    "pace_cosyvoice-300m-instruct": "在兩個伺服器核心上，耗時與語音長度相近", lexiconTitle: "詞語發音", settingsUnused: "部分設定未生效，請在伺服器的啟動設定中改正：", lexiconHint: "每行一個詞，冒號後面寫讀法。中文讀音用帶聲調數字的拼音；CosyVoice3 還支援用 ARPAbet 標注英語單字（tomato: arpabet T AH0 M AA1 T OW2）。以 # 開頭的行是註解。",
    lexiconLines: "詞語", lexiconExample: "試讀一個詞或一句話", save: "儲存", lexiconSaved: "已儲存，共 {0} 個詞，從下一句起生效。", lexiconSpoken: "讀作：{0}",
    lexiconLine: "第 {0} 行：{1}", "error_language-not-spoken": "目前的模型不支援這段文字的語言。", "error_model-unsupported": "目前的模型不支援這項功能。",
    "error_text-too-long": "文字太長，請分成幾段。", "error_voice-not-found": "找不到這個聲音。", "error_bad-recording": "這段錄音不能用。請錄一個人清楚地說 3 到 10 秒。",
    "error_unknown-model": "找不到這個模型。", error_conflict: "現在不能進行這項操作，請稍後再試。", error_busy: "伺服器正忙，請稍後再試。", "error_synthesis-failed": "合成失敗。",
    "error_synthesis-timeout": "合成逾時。", "error_engine-lost": "合成引擎已停止，請重新啟動伺服器。", "error_body-too-large": "內容太大。", "error_request-timeout": "上傳逾時。",
    "error_bad-parameter": "填寫的內容有誤，請檢查。", "error_internal-error": "伺服器出錯。",
  },
};

let shown = "en";

export const language = () => shown;
export const has = (name) => name in WORDS[shown] || name in WORDS.en;

function preferred() {
  const saved = localStorage.getItem("language");
  if (saved in WORDS) return saved;
  const wanted = navigator.languages.find((tag) => /^(zh|yue|en)/i.test(tag)) || "en";
  if (/hant|tw|hk|mo|^yue/i.test(wanted)) return "zh-Hant";
  return /^zh/i.test(wanted) ? "zh-Hans" : "en";
}

export const t = (name, ...values) =>
  (WORDS[shown][name] ?? WORDS.en[name] ?? name).replace(/\{(\d)\}/g, (_, i) => values[i]);

export function setLanguage(tag = preferred()) {
  shown = tag;
  document.documentElement.lang = tag;
  for (const element of document.querySelectorAll("[data-i18n]")) element.textContent = t(element.dataset.i18n);
  for (const element of document.querySelectorAll("[data-i18n-placeholder]")) element.placeholder = t(element.dataset.i18nPlaceholder);
  for (const element of document.querySelectorAll("[data-i18n-label]")) element.setAttribute("aria-label", t(element.dataset.i18nLabel));
  document.dispatchEvent(new Event("language"));
  return tag;
}
